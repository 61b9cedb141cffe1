import numpy as np
import pytest
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.apis.video.size import in_metres
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan

H36M = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/h36m.py'))
LINKS = H36M['skeleton_links']


def test_drawn_people_get_their_own_size_back():
    sequence = SequencePlan(frames=40, cameras=1).draw(0)
    stature = sequence.character.build.stature
    poses = sequence.joints - sequence.joints[:, :1]
    # They come nearer, and grow from 100 to 200 px a metre.
    growing = np.linspace(100, 200, 40)[:, None, None]
    found = in_metres(poses * growing, LINKS, rate=10, stature=stature)
    np.testing.assert_allclose(found[6:-6], poses[6:-6], rtol=0.02, atol=1e-9)


def test_a_frame_that_went_wrong_does_not_change_the_scale():
    poses = np.ones((30, 2, 3)) * np.array([0, 1])[None, :, None]
    poses[10] *= 5
    found = in_metres(poses, [(0, 1)], rate=30)
    lengths = np.linalg.norm(found[:, 1] - found[:, 0], axis=-1)
    np.testing.assert_allclose(lengths[10], 5 * lengths[9])
    np.testing.assert_allclose(np.delete(lengths, 10), 1.7 * 2.369)


def test_one_frame_and_no_size():
    assert in_metres(np.ones((1, 2, 3)), [(0, 1)], rate=30).shape == (1, 2, 3)
    with pytest.raises(ValueError, match='^stature: expected metres, got 0'):
        in_metres(np.ones((1, 2, 3)), [(0, 1)], rate=30, stature=0)
