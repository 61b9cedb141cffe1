"""Where real data lies, when it is there, and one thread for small tensors."""

import importlib.util
from pathlib import Path

import pytest
import torch
from mmengine.registry import init_default_scope

import ppt_mmpose  # noqa: F401

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / 'shared'


@pytest.fixture(autouse=True)
def mmpose_scope():
    init_default_scope('mmpose')
    torch.manual_seed(0)


def _shared(*parts):
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f'real data or references absent: ../shared/{"/".join(parts)}')
    return path


@pytest.fixture
def coco_sample():
    return _shared('data', 'coco_sample')


@pytest.fixture
def lsp_sample():
    return _shared('data', 'lspet_sample')


@pytest.fixture
def mmpose_sample():
    return _shared('data', 'mmpose_sample')


@pytest.fixture
def six_view():
    return _shared('data', 'six_view')


@pytest.fixture
def shared_data():
    return _shared('data')


@pytest.fixture
def references():
    """The folder of the reference bundles, and the module that reads them."""
    folder = _shared('reference')
    spec = importlib.util.spec_from_file_location(
        'synthetic_weights', folder / 'synthetic_weights.py'
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return folder, module
