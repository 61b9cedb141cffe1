import numpy as np
import pytest
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.datasets.synthetic.poses import FAMILIES
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.joints import (
    BONES,
    JOINTS,
    joints_of,
    kind,
)
from ppt_mmpose.datasets.synthetic.skeleton import NAMES, Pose, place


@pytest.fixture(scope='module')
def meta():
    return parse_pose_metainfo(dict(from_file='configs/_base_/datasets/h36m.py'))


def stand(pose, stature=1.7):
    frames = place(pose, stature=stature, position=np.zeros(2), heading=0.0)
    return dict(zip(JOINTS, joints_of(frames, stature)))


def test_names_order_and_bones_are_those_of_mmpose(meta):
    assert list(JOINTS) == [meta['keypoint_id2name'][i] for i in range(17)]
    bones = {frozenset(JOINTS.index(name) for name in bone) for bone in BONES}
    assert bones == {frozenset(link) for link in meta['skeleton_links']}


def test_an_upright_body_has_its_joints_where_people_have_them():
    joints = stand(Pose(np.zeros((len(NAMES), 3))))
    height = {name: point[2] for name, point in joints.items()}
    order = ('left_foot', 'left_knee', 'root', 'spine', 'thorax', 'neck_base', 'head')
    heights = [height[name] for name in order]
    assert heights == sorted(heights)
    assert 1.55 < height['head'] <= 1.7
    assert height['root'] == height['left_hip'] == height['right_hip']
    assert abs(height['thorax'] - height['left_shoulder']) < 0.05
    # x is to the front, y to the left.
    assert joints['left_hip'][1] > 0 > joints['right_hip'][1]
    middle = [joints[n] for n in ('root', 'spine', 'thorax', 'neck_base', 'head')]
    np.testing.assert_allclose(np.array(middle)[:, :2], 0, atol=0.03)


def test_the_sides_of_a_mirrored_body_are_exchanged(meta):
    pose = FAMILIES['sport'](np.random.default_rng(3))
    one, other = (np.stack(list(stand(p).values())) for p in (pose, pose.mirrored()))
    np.testing.assert_allclose(one[meta['flip_indices']] * (1, -1, 1), other, atol=1e-9)
    assert np.abs(one - other).max() > 0.1


@pytest.mark.parametrize('index', range(8))
def test_bones_keep_their_length(index):
    joints = SequencePlan(frames=60, cameras=1).draw(index).joints
    for first, last in BONES:
        bone = joints[:, JOINTS.index(last)] - joints[:, JOINTS.index(first)]
        length = np.linalg.norm(bone, axis=-1)
        assert np.ptp(length) < 1e-9
        assert 0.03 < length.mean() < 0.6


def test_children_have_shorter_bones_and_relatively_larger_heads():
    pose = Pose(np.zeros((len(NAMES), 3)))
    child, adult = stand(pose, 1.1), stand(pose, 1.7)

    def length(joints, first, last):
        return np.linalg.norm(joints[first] - joints[last])

    shin = [length(j, 'left_knee', 'left_foot') for j in (child, adult)]
    assert shin[0] / shin[1] == pytest.approx(1.1 / 1.7)
    head = [length(j, 'neck_base', 'head') for j in (child, adult)]
    assert 1.1 / 1.7 < head[0] / head[1] < 1


def test_kinds_have_no_side():
    names = ('left_knee', 'right_foot', 'neck_base', 'root')
    assert [kind(name) for name in names] == ['knee', 'foot', 'neck_base', 'root']
