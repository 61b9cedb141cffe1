import re

import pytest
from made_skeletons import H36M, recording
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.motion_files import Recording
from ppt_mmpose.motion_files.joint_tree import joint_tree


def of_mmpose(name):
    meta = parse_pose_metainfo(dict(from_file=f'configs/_base_/datasets/{name}.py'))
    names = [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]
    return Recording((), tuple(names), tuple(map(tuple, meta['skeleton_links'])))


def test_the_links_that_mmpose_has_for_human36m():
    for some in (of_mmpose('h36m'), H36M):
        tree = joint_tree(some)
        assert tree.order == tuple(range(17))
        assert tree.parents == (-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 9, 8, 11, 12, 8, 14, 15)
        assert tree.children(8) == [9, 11, 14]


def test_from_another_root_links_are_turned_round():
    names, bones = ['a', 'b', 'c', 'd'], [('a', 'b'), ('b', 'c'), ('b', 'd')]
    tree = joint_tree(recording(names, [*bones, ('b', 'a')]), 'c')
    assert tree.parents == (1, 2, -1, 1)
    assert tree.order == (2, 1, 0, 3)
    assert joint_tree(Recording((), ('pelvis',))).parents == (-1,)
    both = recording(['pelvis', 'root'], [('pelvis', 'root')])
    assert joint_tree(both).root == 1


@pytest.mark.parametrize(
    ('bones', 'root', 'message'),
    [
        ('ab bc', None, 'root: expected the name of a keypoint where none is named '
         'root or pelvis, got None; keypoints are a, b, c'),
        ('ab bc', 'nose', "root: expected one of a, b, c, got 'nose'"),
        ('ab bc ca', 'a', 'joins all keypoints, got a circle through b and c (those'),
        ('ab bb bc', 'a', 'got a circle through b and b'),
        ('ab', 'a', 'got c apart from a'),
        ('', 'b', 'links: expected a tree that joins all keypoints, got a, c apart'),
    ],
)  # fmt: skip
def test_links_that_are_no_tree(bones, root, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        joint_tree(recording('abc', bones.split()), root)


def test_those_of_coco_are_none():
    with pytest.raises(ValueError, match="circle through .* COCO's have circles and"):
        joint_tree(of_mmpose('coco'), 'nose')
