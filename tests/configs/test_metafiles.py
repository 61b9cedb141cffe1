"""The model index names every config once, with the size that it has."""

import modelindex
import pytest
from mmengine.config import Config
from mmpose.registry import MODELS

from ppt_mmpose.apis import config_names, find_config
from ppt_mmpose.apis.config_files import config_folder

INDEX = modelindex.load(str(config_folder().parent / 'model-index.yml'))
INDEX.build_models_with_collections()


def test_every_config_is_there_once():
    assert sorted(model.name for model in INDEX.models) == config_names()


@pytest.mark.parametrize('entry', INDEX.models, ids=lambda entry: entry.name)
def test_entries_are_true(entry):
    assert entry.config == f'configs/{entry.name}.py'
    model = MODELS.build(Config.fromfile(find_config(entry.name)).model)
    parameters = sum(p.numel() for p in model.parameters())
    assert entry.metadata.data['Parameters'] == parameters
    # Nothing was trained on the whole data sets here: results are the papers'.
    if entry.results:
        assert 'not measured here' in entry.metadata.data['Source of Results']
