import mmdet  # noqa: F401
import pytest
from mmengine.infer import BaseInferencer

from ppt_mmpose.apis import config_names
from ppt_mmpose.compat import model_names


def names(scope):
    folder = BaseInferencer._get_repo_or_mim_dir(scope)
    models = BaseInferencer._get_models_from_metafile(folder)
    return [model['Name'] for model in models]


def test_ours_follow_mmposes_and_nobody_elses():
    assert sorted(names('mmpose')[-len(config_names()) :]) == config_names()
    assert not set(config_names()) & set(names('mmdet'))


def test_applying_twice_lists_once():
    model_names.apply()
    assert names('mmpose').count('ppt_s_coco') == 1


def test_without_our_configs_mmposes_names_remain(monkeypatch):
    def lost():
        raise FileNotFoundError

    monkeypatch.setattr('ppt_mmpose.apis.config_files.config_folder', lost)
    assert len(names('mmpose')) > 100
    assert 'ppt_s_coco' not in names('mmpose')


def test_an_unknown_name_stays_unknown():
    with pytest.raises(ValueError, match='Cannot find model: ppt_xl in mmpose'):
        BaseInferencer._load_model_from_metafile(_Scoped(), 'ppt_xl')


class _Scoped:
    scope = 'mmpose'
