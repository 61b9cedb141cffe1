"""A recording of made-up numbers, with gaps of every kind."""

from dataclasses import fields

import numpy as np

from ppt_mmpose.motion_files import Instant, Recording

RECORDING = Recording(
    ('left', 'right, far'), ('nose', 'left eye', 'knie_ü'), ((0, 1), (1, 2)), 25.0
)


def instant(index, recording=RECORDING, seed=0):
    views, joints = len(recording.camera_names), len(recording.keypoint_names)
    random = np.random.default_rng(seed + index)
    found = random.random(joints) < 0.7
    seen = random.random(views) < 0.7
    there = seen[:, None]
    used = there & found & (random.random((views, joints)) < 0.8)
    return Instant(
        index=index,
        name=f'{index:06d}',
        keypoints_3d=random.normal(size=(joints, 3)).round(6) * found[:, None],
        found=found,
        keypoints_2d=random.integers(0, 9999, (views, joints, 2))
        / 8
        * there[..., None],
        scores=random.integers(1, 16, (views, joints)) / 16 * there,
        errors=random.integers(0, 99, (views, joints)) / 8 * (there & found),
        used=used,
        boxes=random.integers(0, 9999, (views, 4)) / 8 * seen[:, None],
        seen=seen,
    )


def assert_equal(ours, theirs, but=()):
    """All fields of two instants, but some."""
    for field in fields(Instant):
        if field.name not in but:
            one, two = getattr(ours, field.name), getattr(theirs, field.name)
            assert np.shape(one) == np.shape(two), field.name
            if isinstance(one, np.ndarray) and one.dtype == bool:
                assert two.dtype == bool
            if not isinstance(one, str):
                np.testing.assert_allclose(one, two, atol=1e-9, err_msg=field.name)
            else:
                assert one == two
