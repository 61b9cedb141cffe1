import numpy as np
import pytest
import torch
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

from ppt_mmpose.deploy.normalisation import Normalisation

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), np.uint8)
MEAN, STD = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]


@pytest.mark.parametrize(
    'config',
    [
        dict(mean=MEAN, std=STD, bgr_to_rgb=True),
        dict(mean=MEAN, std=STD, rgb_to_bgr=True),
        dict(mean=MEAN, std=STD),
        dict(),
    ],
)
def test_it_is_that_of_mmposes_preprocessor(config):
    preprocessor = MODELS.build(dict(type='PoseDataPreprocessor', **config))
    inputs = [torch.from_numpy(each).permute(2, 0, 1) for each in PIXELS]
    samples = [PoseDataSample() for _ in inputs]
    expected = preprocessor(dict(inputs=inputs, data_samples=samples))['inputs']
    found = Normalisation.of_preprocessor(config)
    np.testing.assert_allclose(found.apply(PIXELS), expected, rtol=1e-6, atol=1e-6)


def test_there_and_back():
    for order in ('RGB', 'BGR'):
        one = Normalisation(order, tuple(MEAN), tuple(STD))
        np.testing.assert_allclose(one.undo(one.apply(PIXELS)), PIXELS, atol=1e-4)


def test_becoming_another():
    one = Normalisation('BGR', (1, 2, 3), (4, 5, 6))
    other = Normalisation('RGB', (10, 20, 30), (2, 2, 2))
    swap, scale, shift = one.becoming(other)
    assert swap
    images = one.apply(PIXELS)[:, ::-1]
    found = images * scale[:, None, None] + shift[:, None, None]
    np.testing.assert_allclose(found, other.apply(PIXELS), atol=1e-5)
    assert not one.becoming(one)[0]
