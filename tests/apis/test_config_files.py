import pytest
from mmengine.config import Config

from ppt_mmpose.apis import config_names, find_config, flat_config


def test_by_name_and_by_path():
    path = find_config('ppt_s_coco')
    assert path.is_file()
    assert find_config('ppt_s_coco.py') == find_config(str(path)) == path
    # mim and MMPose users write the path of the repository.
    assert find_config('configs/ppt_s_coco.py').samefile(path)


def test_unknown_names_list_what_there_is():
    with pytest.raises(FileNotFoundError, match=r"'ppt_xl_coco': .* ppt_s_coco"):
        find_config('ppt_xl_coco')


def test_a_mistyped_path_is_not_taken_for_a_name():
    with pytest.raises(FileNotFoundError, match='mine/ppt_s_coco.py'):
        find_config('mine/ppt_s_coco.py')


def test_bases_are_no_configs():
    assert 'runtime' not in config_names()


def test_kinds_of_configs():
    images, sequences = config_names('images'), config_names('sequences')
    assert sorted(images + sequences) == config_names()
    assert {'ppt_s_coco', 'mv_ppt_s_h36m', 'dppt_s_mpii'} < set(images)
    assert {'mixste_h36m', 'tpc_mhformer_h36m'} < set(sequences)
    with pytest.raises(ValueError, match=r"inputs: .*'sequences'.*, got 'videos'"):
        config_names('videos')


def test_a_flat_config_is_the_same_without_bases():
    text = flat_config('ppt_s_coco', cfg_options={'model.neck.keep_ratio': 0.8})
    flat = Config.fromstring(text, '.py')
    whole = Config.fromfile(find_config('ppt_s_coco'))
    assert flat.model.neck.pop('keep_ratio') == 0.8
    assert whole.model.neck.pop('keep_ratio') == 0.7
    assert flat.to_dict() == whole.to_dict()
    assert flat.default_scope == 'mmpose'
