"""The same numbers as MMPose's codecs, in PyTorch and in ONNX Runtime."""

import warnings

import numpy as np
import pytest
import torch
from mmpose.codecs import MSRAHeatmap, SimCCLabel, UDPHeatmap
from small_export import skip_without_exporter

from ppt_mmpose.deploy.decoding import decoding_of

WIDTH, HEIGHT = 24, 32
SIZES = dict(input_size=(96, 128), heatmap_size=(WIDTH, HEIGHT))
CODECS = dict(
    udp=UDPHeatmap(**SIZES, sigma=4 / 3),
    udp_wide=UDPHeatmap(**SIZES, sigma=2, blur_kernel_size=17),
    udp_narrow=UDPHeatmap(**SIZES, sigma=2, blur_kernel_size=3),
    msra_dark=MSRAHeatmap(**SIZES, sigma=2, unbiased=True),
    msra=MSRAHeatmap(**SIZES, sigma=2),
)
INSIDE = [(11.3, 15.8), (4.5, 20.49), (18.02, 6.7), (12, 16)]
AT_BORDERS = [(0, 0), (WIDTH - 1, HEIGHT - 1), (0.4, 17), (22.7, 3.1), (9, 31.4)]
AT_BORDERS += [(-0.8, 5), (10, -0.6), (1, 1), (2, 2), (1.5, 12), (21, 29), (22, 30)]


def gaussian(x, y, height=1.0):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return height * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8)


def drawn(kind):
    rng = np.random.default_rng(0)
    if kind == 'inside':
        maps = [gaussian(*place) for place in INSIDE]
    elif kind == 'at borders':
        maps = [gaussian(*place) for place in AT_BORDERS]
    elif kind == 'low and noisy':
        maps = [
            gaussian(*p, 0.1) + rng.normal(0, 0.005, (HEIGHT, WIDTH)) for p in INSIDE
        ]
    elif kind == 'hardly there':
        maps = [gaussian(*place, 0.002) for place in INSIDE]
    elif kind == 'equal maxima':
        maps = [np.maximum(gaussian(20, 9), gaussian(5, 9)), gaussian(7.5, 8)]
    elif kind == 'flat':
        # The one after it has no positive value.
        maps = [np.full((HEIGHT, WIDTH), v) for v in (0.5, -0.2, 1e-4, 2e-3)]
    else:
        # MMPose refines what has no positive value with the end of the heatmap before
        # it, which for the first one is the last.
        end = gaussian(WIDTH - 1, HEIGHT - 1, 0.5) + gaussian(0, HEIGHT - 1, 0.8)
        maps = [np.full((HEIGHT, WIDTH), -0.1), gaussian(8, 8), end]
    return np.stack(maps).astype(np.float32)


KINDS = ('inside', 'at borders', 'low and noisy', 'hardly there', 'equal maxima')
KINDS += ('flat', 'nowhere')


@pytest.mark.parametrize('name', CODECS)
@pytest.mark.parametrize('kind', KINDS)
def test_it_is_mmposes(name, kind):
    maps = np.stack((drawn(kind), drawn(kind)[::-1]))
    keypoints, scores = decoding_of(CODECS[name])(torch.from_numpy(maps.copy()))
    assert (keypoints.dtype, keypoints.shape) == (torch.float32, (*maps.shape[:2], 2))
    for each, point, score in zip(maps, keypoints.numpy(), scores.numpy()):
        expected, expected_scores = CODECS[name].decode(each)
        np.testing.assert_allclose(point, expected[0], atol=1e-3)
        assert (score == expected_scores[0]).all()


def test_it_finds_what_was_drawn():
    maps = torch.from_numpy(drawn('inside'))[None]
    keypoints, _ = decoding_of(CODECS['udp'])(maps)
    cells = np.array([WIDTH - 1, HEIGHT - 1])
    np.testing.assert_allclose(
        keypoints[0], np.array(INSIDE) / cells * SIZES['input_size'], atol=0.3
    )


@pytest.mark.parametrize('name', CODECS)
def test_the_same_in_onnx_runtime(name, tmp_path):
    skip_without_exporter()
    from ppt_mmpose.deploy.onnx_session import open_session

    maps = np.concatenate([drawn(kind) for kind in KINDS])[None]
    maps = np.concatenate((maps, maps[:, ::-1], maps))
    module = decoding_of(CODECS[name]).eval()
    path = tmp_path / 'decoding.onnx'
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            module,
            (torch.from_numpy(maps[:2].copy()),),
            str(path),
            dynamo=True,
            verbose=False,
            external_data=False,
            input_names=['heatmaps'],
            dynamic_shapes=({0: torch.export.Dim('batch')},),
        )
    session = open_session(str(path), threads=1)
    found = session.run(None, {'heatmaps': maps})
    for each, point, score in zip(maps, *found):
        expected, scores = CODECS[name].decode(each)
        np.testing.assert_allclose(point, expected[0], atol=0.01)
        assert (score == scores[0]).all()


@pytest.mark.parametrize('name', CODECS)
def test_zeros_stay_numbers(name):
    # MMPose divides zero by zero here.
    maps = torch.zeros(1, 2, HEIGHT, WIDTH)
    keypoints, scores = decoding_of(CODECS[name])(maps)
    below = maps - 1
    assert torch.equal(keypoints, decoding_of(CODECS[name])(below)[0])
    assert keypoints.max() < 0
    assert (scores == 0).all()


@pytest.mark.parametrize(
    ('codec', 'named'),
    [
        (UDPHeatmap(**SIZES, heatmap_type='combined'), "heatmap_type='combined'"),
        (SimCCLabel(input_size=(96, 128)), 'SimCCLabel'),
        (None, 'NoneType'),
    ],
)
def test_other_codecs_are_refused(codec, named):
    with pytest.raises(ValueError, match=f'codec: expected UDPHeatmap .*{named}'):
        decoding_of(codec)


@pytest.mark.parametrize('kernel', [1, 4])
def test_kernels_that_mmpose_cannot_use_are_refused(kernel):
    with pytest.raises(ValueError, match=f'blur_kernel_size: .* got {kernel}'):
        decoding_of(UDPHeatmap(**SIZES, blur_kernel_size=kernel))
