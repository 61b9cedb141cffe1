"""What RandomFlip gives, without running backwards."""

import numpy as np
import pytest
from mmpose.registry import TRANSFORMS


def person():
    rng = np.random.RandomState(0)
    return dict(
        img=rng.randint(0, 256, (6, 9, 3), dtype=np.uint8),
        img_shape=(6, 9),
        flip_indices=[1, 0, 2],
        bbox=np.array([[1.0, 2.0, 5.0, 6.0]]),
        bbox_center=np.array([[3.0, 4.0]]),
        keypoints=rng.rand(1, 3, 2) * 6,
        keypoints_visible=np.array([[1.0, 0.0, 1.0]]),
    )


@pytest.mark.parametrize('direction', ['horizontal', 'vertical', 'diagonal'])
def test_same_as_mmposes(direction):
    flips = []
    for seed in range(12):
        found = []
        for kind in ('RandomMirror', 'RandomFlip'):
            np.random.seed(seed)
            cfg = dict(type=kind, direction=direction, prob=0.5)
            found.append(TRANSFORMS.build(cfg)(person()))
        ours, theirs = found
        assert ours.keys() == theirs.keys()
        for key, value in theirs.items():
            assert np.array_equal(ours[key], value), key
        assert ours['img'].flags.c_contiguous
        flips.append(ours['flip'])
        # The trap is still there.
        assert theirs['img'].flags.c_contiguous is not ours['flip']
    assert 0 < sum(flips) < 12


def test_several_images_are_left_to_mmpose():
    several = person()
    several['img'] = [several['img']] * 2
    out = TRANSFORMS.build(dict(type='RandomMirror', prob=1.0))(several)
    assert all(np.array_equal(i, person()['img'][:, ::-1]) for i in out['img'])
