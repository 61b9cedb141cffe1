"""Photographs of six cameras, through a model of random weights, to files."""

import numpy as np
import pytest
import small_configs

from ppt_mmpose.apis.multiview import (
    MOTION_FORMATS,
    MultiViewPoseInferencer,
    run_multiview,
)
from ppt_mmpose.calibration import read_calibration
from ppt_mmpose.motion_files import read_motion


@pytest.fixture
def found(six_view, tmp_path):
    """Results of one instant of six views."""
    calibration = read_calibration(
        six_view / '3DOH50K_Parameters.txt', format='krt_text', unit=0.23
    )
    config = small_configs.top_down(tmp_path)
    weights = small_configs.with_weights(config, tmp_path)
    infer = MultiViewPoseInferencer(config, weights, calibration, device='cpu')
    images = sorted((six_view / 'images').rglob('*.jpg'))
    assert len(images) == len(calibration) == 6
    summary = run_multiview(
        infer,
        [str(image) for image in images],
        tmp_path / 'out',
        # Random weights agree on nothing, so that robust would find nothing.
        options=dict(score_thr=0.0, method='linear'),
        outputs=dict(overlays=True, up='-y'),
        progress=False,
    )
    return summary, tmp_path / 'out'


def test_every_file_is_read_back(found):
    trc = pytest.importorskip('trc')
    summary, out = found
    assert summary.instants == 1
    (exact,) = read_motion(out / 'keypoints.npz')[1]
    assert exact.seen.all()
    assert exact.found.any()
    for name in MOTION_FORMATS:
        options = dict(up='-y') if name == 'trc' else {}
        recording, (instant,) = read_motion(out / f'keypoints.{name}', **options)
        assert len(recording.keypoint_names) == 17
        np.testing.assert_array_equal(instant.found, exact.found)
        np.testing.assert_allclose(instant.keypoints_3d, exact.keypoints_3d, atol=2e-6)
        if name != 'trc':
            np.testing.assert_allclose(
                instant.keypoints_2d, exact.keypoints_2d, atol=1e-3
            )
    theirs = trc.TRCData()
    theirs.load(str(out / 'keypoints.trc'))
    assert theirs['Markers'] == list(recording.keypoint_names)
    first = int(exact.found.argmax())
    x, y, z = exact.keypoints_3d[first]
    # Its world has y up, ours of this rig y down.
    told = theirs[recording.keypoint_names[first]][0]
    np.testing.assert_allclose(told[1], -y, atol=2e-6)
    np.testing.assert_allclose(np.linalg.norm(told), np.hypot(np.hypot(x, y), z), 1e-4)


def test_every_view_is_drawn(found):
    _, out = found
    assert len(list((out / 'overlays').rglob('*.jpg'))) == 7
