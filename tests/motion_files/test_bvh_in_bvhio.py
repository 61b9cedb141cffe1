"""What another program reads of our BVH files, and we of its."""

import bvhio
import numpy as np
import pytest
from made_skeletons import H36M, instants, rigid_motion, stacked

from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.motion_files import BvhWriter, read_bvh


def write(path, points, **options):
    with BvhWriter(path, H36M, **options) as writer:
        for one in instants(points):
            writer.write(one)
    return path


def positions(path, frames):
    """Joints as bvhio has them ``(T, J, 3)``, in the file's unit, and their names."""
    root = bvhio.readAsHierarchy(str(path))
    joints = [joint for joint, _, _ in root.layout()]
    found = []
    for frame in range(frames):
        root.loadPose(frame, recursive=True)
        found.append([list(joint.PositionWorld) for joint in joints])
    return np.array(found), tuple(joint.Name for joint in joints)


@pytest.mark.parametrize('seed', [0, 1])
def test_another_program_finds_the_joints_where_they_were(seed, tmp_path):
    points = rigid_motion(12, seed)
    found, names = positions(write(tmp_path / 'a.bvh', points, unit='mm'), 12)
    assert names == H36M.keypoint_names
    # It computes with float32.
    np.testing.assert_allclose(found, points * 1000, atol=0.02)


def test_another_program_reads_a_drawn_walk(tmp_path):
    points = SequencePlan(frames=30, cameras=1).draw(0).joints
    path = write(tmp_path / 'a.bvh', points, up='+z')
    theirs = bvhio.readAsBvh(str(path))
    assert (theirs.FrameCount, theirs.FrameTime) == (30, 0.02)
    found, _ = positions(path, 30)
    x, y, z = np.moveaxis(points, -1, 0)
    np.testing.assert_allclose(found / 100, np.stack([x, z, -y], -1), atol=2e-5)


def test_ours_reads_what_another_program_writes(tmp_path):
    points = rigid_motion(8)
    text = bvhio.readAsBvh(str(write(tmp_path / 'a.bvh', points)))
    bvhio.writeBvh(str(tmp_path / 'b.bvh'), text)
    known, found = read_bvh(tmp_path / 'b.bvh')
    assert known.keypoint_names == H36M.keypoint_names
    np.testing.assert_allclose(stacked(found), points, atol=2e-5)
