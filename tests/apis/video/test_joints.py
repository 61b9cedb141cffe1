import numpy as np
import pytest
from mmpose.apis import convert_keypoint_definition
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.apis.video.joints import HUMAN36M, JointConverter, names_of


def names(dataset):
    file = f'configs/_base_/datasets/{dataset}.py'
    return names_of(parse_pose_metainfo(dict(from_file=file)))


def test_the_joints_of_human36m_are_those_of_mmpose():
    assert names('h36m') == HUMAN36M


@pytest.mark.parametrize('dataset', ['coco', 'posetrack18', 'aic', 'crowdpose'])
def test_places_are_those_of_mmpose(dataset):
    given = names(dataset)
    keypoints = np.random.RandomState(0).rand(3, len(given), 2) * 500
    ours, _ = JointConverter(given, HUMAN36M)(keypoints, np.ones((3, len(given))))
    theirs = convert_keypoint_definition(keypoints, dataset, 'h36m')
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_an_order_of_its_own_changes_nothing():
    given = names('coco')
    keypoints = np.random.RandomState(0).rand(2, len(given), 2)
    scores = np.random.RandomState(1).rand(2, len(given))
    mixed = np.random.RandomState(2).permutation(len(given))
    shuffled = JointConverter([given[i] for i in mixed], HUMAN36M)
    straight = JointConverter(given, HUMAN36M)
    for ours, theirs in zip(
        shuffled(keypoints[:, mixed], scores[:, mixed]), straight(keypoints, scores)
    ):
        np.testing.assert_allclose(ours, theirs)


def test_more_keypoints_do_no_harm():
    whole, body = names('coco_wholebody'), names('coco')
    keypoints = np.random.RandomState(0).rand(1, len(whole), 2)
    ours, _ = JointConverter(whole, HUMAN36M)(keypoints, np.ones((1, len(whole))))
    theirs, _ = JointConverter(body, HUMAN36M)(keypoints[:, :17], np.ones((1, 17)))
    np.testing.assert_allclose(ours, theirs)


def test_a_joint_between_keypoints_is_as_certain_as_the_least():
    given = names('coco')
    scores = np.ones((1, 17))
    scores[0, given.index('left_hip')] = 0.25
    _, ours = JointConverter(given, HUMAN36M)(np.zeros((1, 17, 2)), scores)
    low = {HUMAN36M[i] for i in np.flatnonzero(ours[0] < 1)}
    assert low == {'root', 'left_hip', 'spine'}
    assert set(ours[0][ours[0] < 1]) == {0.25}


def test_joints_that_are_there_are_taken():
    # A set that has Human3.6M's own joints and COCO's.
    given = (*reversed(HUMAN36M), *(n for n in names('coco') if n not in HUMAN36M))
    keypoints = np.random.RandomState(0).rand(1, len(given), 2)
    ours, _ = JointConverter(given, HUMAN36M)(keypoints, np.ones((1, len(given))))
    np.testing.assert_array_equal(ours[0], keypoints[0, :17][::-1])


def test_the_same_joints_go_through():
    given = ('root', 'left_hand', 'right_hand')
    keypoints, scores = np.arange(6.0).reshape(1, 3, 2), np.arange(3.0)[None]
    ours = JointConverter(given, given)(keypoints, scores)
    np.testing.assert_array_equal(ours[0], keypoints)
    np.testing.assert_array_equal(ours[1], scores)


def test_what_cannot_be_made_is_named():
    with pytest.raises(ValueError, match=r'^joints: neck_base, head of Human3.6M'):
        JointConverter(names('mpii'), HUMAN36M)
    with pytest.raises(ValueError, match='^joints: expected a 2D model with those of'):
        JointConverter(names('coco'), ('root', 'thorax'))
    # The same names in another order are not the lifter's joints.
    with pytest.raises(ValueError, match='only Human3.6M'):
        JointConverter(('b', 'a'), ('a', 'b'))
