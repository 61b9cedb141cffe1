import pytest

from ppt_mmpose.apis import config_names, find_config


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
