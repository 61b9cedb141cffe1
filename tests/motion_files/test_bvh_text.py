import numpy as np
import pytest

from ppt_mmpose.motion_files import read_bvh
from ppt_mmpose.motion_files.bvh_text import read_text

# As other programs write: tabs and blanks, any order and number of channels, braces
# beside names, names of two words, positions of a joint that is no root.
OTHER = """HIERARCHY
ROOT Hips {
  OFFSET 1 2 3
  CHANNELS 6 Zposition Xposition Yposition Yrotation Xrotation Zrotation
  JOINT Left Leg
  {
    OFFSET\t0.0\t-2e0 0
    CHANNELS 1 Xrotation
    End Site
    {
      OFFSET 0 -1 0
    }
  }
  JOINT Spine
  {
    OFFSET 0 1 0
    CHANNELS 4 Yposition XROTATION Yrotation Zrotation
    JOINT Head
    {
      OFFSET 0 1 0
    }
  }
}
MOTION
Frames:\t2
Frame Time: 0.05

30 10 20 90 0 0  90  4 0 0 0
0 0 0\t0 90 90  0  1 90 0 90

"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'a.bvh'
    path.write_text(OTHER)
    return path


def test_what_another_program_wrote(path):
    known, found = read_bvh(path, unit='m')
    assert known.keypoint_names == ('Hips', 'Left Leg', 'Spine', 'Head')
    assert known.links == ((0, 1), (0, 2), (2, 3))
    assert known.rate == 20
    assert [one.name for one in found] == ['000000', '000001']
    first = [[10, 20, 30], [10, 18, 30], [10, 24, 30], [10, 25, 30]]
    np.testing.assert_allclose(found[0].keypoints_3d, first, atol=1e-12)
    # The hips: Z by 90, then X by 90, in the world: Y goes to -X; X to Y, and on to Z.
    second = [[0, 0, 0], [2, 0, 0], [-1, 0, 0], [-1, 0, -1]]
    np.testing.assert_allclose(found[1].keypoints_3d, second, atol=1e-12)


def test_ends_of_lines_and_marks_at_the_beginning(path):
    _, expected = read_bvh(path)
    path.write_bytes(b'\xef\xbb\xbf' + OTHER.replace('\n', '\r\n').encode())
    for one, other in zip(read_bvh(path)[1], expected):
        np.testing.assert_array_equal(one.keypoints_3d, other.keypoints_3d)


def test_a_file_without_frames(path):
    path.write_text(OTHER.split('Frames:')[0] + 'Frames: 0\nFrame Time: 0.1\n')
    assert read_text(path).rows.shape == (0, 11)
    assert read_bvh(path)[1] == []


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('HIERARCHY', 'BVH', 'line 1: expected HIERARCHY, got BVH'),
        ('ROOT Hips', 'ROOT', 'line 2: expected a name, got {'),
        ('OFFSET 1 2 3', 'OFFSET 1 2', 'line 4: expected a number, got CHANNELS'),
        ('OFFSET 1 2 3', 'OFFSET 1 2 inf', 'line 3: expected a number, got inf'),
        ('CHANNELS 6', 'CHANNELS six', 'line 4: expected a count, got six'),
        ('Xrotation\n', 'Wrotation\n', 'line 8: expected one of .*, got Wrotation'),
        ('6 Zpos', '7 Yposition Zpos', 'line 4: .* each once, got Yposition'),
        ('JOINT Spine', 'SPINE', 'line 14: expected CHANNELS, JOINT, End Site or }'),
        ('End Site\n', 'End Site {\n', 'line 10: expected OFFSET, got {'),
        ('Left Leg\n  {', 'Left Leg\n', 'line 7: expected {, got OFFSET'),
        ('MOTION', 'JOINT a', 'line 24: expected MOTION, got JOINT'),
        ('\nFrame Time: 0.05', '', 'line 27: expected Frame, got 30'),
        ('MOTION', '}\nMOTION', 'line 24: expected MOTION, got }'),
        ('Frames:\t2', 'Frames:\t-2', 'line 25: expected a count, got -2'),
        ('Frames:\t2', 'Frames:\t3', 'line 30: expected 3 frames, .*, got 2'),
        ('Time: 0.05', 'Time: 0', 'line 26: expected seconds, got 0.0'),
        ('90  4', '90', 'line 28: expected 11 numbers, got 10'),
        ('90  4', '90  x', 'line 28: expected numbers, got 30 10 20 90 0 0  90  x'),
        ('90  4', '90  nan', 'line 28: expected numbers, got 30 10 20 90'),
    ],
)
def test_what_is_wrong_in_a_file_is_named(old, new, message, path):
    assert OTHER.count(old) >= 1
    path.write_text(OTHER.replace(old, new, 1))
    with pytest.raises(ValueError, match=f'a.bvh: {message}'):
        read_bvh(path)


def test_another_unit_is_refused(path):
    with pytest.raises(ValueError, match="unit: expected one of m, cm, mm, got 'ft'"):
        read_bvh(path, unit='ft')
