import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from made_skeletons import (
    H36M,
    T_POINTS,
    instants,
    recording,
    rigid_motion,
    stacked,
)

from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.motion_files import BvhWriter, Recording, bvh, read_bvh, read_motion

X, Y, Z = np.eye(3)
GONE = np.full(3, np.nan)
UPRIGHT = recording(('root', 'head'), [('root', 'head')], rate=25.0)
SIDEWAYS = recording(('root', 'left_hip'), [('root', 'left_hip')])


def write(path, points, known=H36M, first=0, **options):
    with BvhWriter(path, known, **options) as writer:
        for one in instants(np.asarray(points, float), first):
            writer.write(one)
    return path


def one_bone(ends, start=(0, 0, 0)):
    return [[start, np.add(start, end)] for end in ends]


def rows(path):
    lines = path.read_text().split('Frame Time: ')[1].splitlines()[1:]
    return np.array([line.split() for line in lines], float)


def test_the_text(tmp_path):
    known = replace(UPRIGHT, keypoint_names=('root', 'the head'))
    path = write(tmp_path / 'a.bvh', one_bone([Y, X], (1, 2, 3)), known)
    assert path.read_text() == (
        'HIERARCHY\n'
        'ROOT root\n'
        '{\n'
        '\tOFFSET 0.0000 0.0000 0.0000\n'
        '\tCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n'
        '\tJOINT the_head\n'
        '\t{\n'
        '\t\tOFFSET 0.0000 100.0000 0.0000\n'
        '\t\tCHANNELS 3 Zrotation Xrotation Yrotation\n'
        '\t\tEnd Site\n'
        '\t\t{\n'
        '\t\t\tOFFSET 0.0000 5.0000 0.0000\n'
        '\t\t}\n'
        '\t}\n'
        '}\n'
        'MOTION\n'
        'Frames: 2\n'
        'Frame Time: 0.040000000\n'
        '100.0000 200.0000 300.0000 0.00000 0.00000 0.00000 0.00000 0.00000 0.00000\n'
        '100.0000 200.0000 300.0000 -90.00000 0.00000 0.00000 0.00000 0.00000 0.00000\n'
    )


@pytest.mark.parametrize(
    ('known', 'end', 'angles'),
    [
        (UPRIGHT, X, (-90, 0, 0)),
        (UPRIGHT, -X, (90, 0, 0)),
        (UPRIGHT, Z, (0, 90, 0)),
        (UPRIGHT, -Z, (0, -90, 0)),
        (SIDEWAYS, Z, (0, 0, -90)),
        (SIDEWAYS, -Z, (0, 0, 90)),
        (SIDEWAYS, Y, (90, 0, 0)),
    ],
)
def test_one_bone_turned_by_90_degrees(known, end, angles, tmp_path):
    path = write(tmp_path / 'a.bvh', one_bone([end]), known)
    np.testing.assert_allclose(rows(path)[0, 3:6], angles, atol=1e-5)
    (found,) = read_bvh(path)[1]
    np.testing.assert_allclose(found.keypoints_3d[1], end, atol=1e-6)


def test_a_person_as_a_t_is_at_rest_and_looks_along_z(tmp_path):
    path = write(tmp_path / 'a.bvh', [T_POINTS])
    np.testing.assert_allclose(rows(path)[0], [0, 100, 0] + [0] * 51, atol=1e-5)
    lines = path.read_text().splitlines()
    places = {
        line.split()[1]: lines[number + 2].split()[1:]
        for number, line in enumerate(lines)
        if line.strip().startswith('JOINT')
    }
    assert places['left_hip'] == ['12.5000', '0.0000', '0.0000']
    assert places['right_hip'] == ['-12.5000', '0.0000', '0.0000']
    assert places['left_foot'] == ['0.0000', '-40.0000', '0.0000']
    assert places['head'] == ['0.0000', '20.0000', '0.0000']
    assert places['right_elbow'] == ['-30.0000', '0.0000', '0.0000']
    # A foot that steps forward steps to +Z: the knee bends about X alone.
    stepping = T_POINTS.copy()
    foot, knee = (H36M.keypoint_names.index(f'left_{n}') for n in ('foot', 'knee'))
    stepping[foot] = stepping[knee] + [0, 0, 0.4]
    turned = rows(write(path, [stepping]))[0, 3:].reshape(17, 3)
    np.testing.assert_allclose(turned[knee], [0, -90, 0], atol=1e-5)


@pytest.mark.parametrize(
    ('up', 'turn'),
    [
        # Rows are X, Y and Z of the file, in the recording's world.
        (None, np.eye(3)),
        ('+y', np.eye(3)),
        ('+z', [X, Z, -Y]),
        ('-y', [X, -Y, -Z]),
        ('+x', [-Y, X, Z]),
    ],
)
@pytest.mark.parametrize(('unit', 'metre'), [('m', 1), ('cm', 100), ('mm', 1000)])
def test_worlds_and_units(up, turn, unit, metre, tmp_path):
    """A person as a T in the file's world is at rest, whatever their world's axes."""
    world = T_POINTS @ np.array(turn) + [0.5, 0.25, -2]
    path = write(tmp_path / 'a.bvh', [world], up=up, unit=unit)
    root = np.array(turn) @ world[0] * metre
    np.testing.assert_allclose(rows(path)[0], [*root] + [0] * 51, atol=1e-5)
    known, (found,) = read_bvh(path, up=up, unit=unit)
    np.testing.assert_allclose(found.keypoints_3d, world, atol=3e-6)
    assert known.keypoint_names == H36M.keypoint_names
    assert set(map(frozenset, known.links)) == set(map(frozenset, H36M.links))
    assert known.rate == pytest.approx(50)
    assert known.camera_names == ()
    assert found.found.all()


def test_any_motion_of_rigid_bones_is_kept(tmp_path):
    points = rigid_motion()
    path = write(tmp_path / 'a.bvh', points, up='+z')
    error = np.linalg.norm(stacked(read_bvh(path, up='+z')[1]) - points, axis=2)
    assert error.max() < 1e-5


@pytest.mark.parametrize('index', [0, 7])
def test_drawn_people_are_kept(index, tmp_path):
    points = SequencePlan(frames=60, cameras=1).draw(index).joints
    path = write(tmp_path / 'a.bvh', points, up='+z')
    known, found = read_motion(path, up='+z')
    assert known.keypoint_names == H36M.keypoint_names
    error = np.linalg.norm(stacked(found) - points, axis=2)
    assert error.max() < 1e-5
    # They stand upright, whichever way they look: about X and Z the root turns little.
    assert np.abs(rows(path)[0, 3:5]).max() < 30


def test_bones_that_stretch_have_their_median_length(tmp_path):
    ends = [Y, 2 * Y, 9 * Y, 2 * X, 3 * Z]
    path = write(tmp_path / 'a.bvh', one_bone(ends), UPRIGHT)
    found = stacked(read_bvh(path)[1])
    expected = [2 * Y, 2 * Y, 2 * Y, 2 * X, 2 * Z]
    np.testing.assert_allclose(found[:, 1], expected, atol=1e-6)


def test_gaps_keep_what_was_last(tmp_path):
    start = np.array([1.0, 0, 0])
    points = np.array(
        [
            [GONE, GONE],
            [start, GONE],
            [start, start + X],
            [start + Y, GONE],
            [GONE, start + Z],
            [start + Z, start + Z - Y],
        ]
    )
    with BvhWriter(tmp_path / 'a.bvh', UPRIGHT) as writer:
        for number, one in enumerate(instants(points, first=10)):
            # Two instants are missing before the last one.
            late = 2 if number == 5 else 0
            writer.write(replace(one, index=one.index + late))
    found = read_bvh(tmp_path / 'a.bvh')[1]
    assert [one.index for one in found] == list(range(8))
    places = [start] * 3 + [start + Y] * 4 + [start + Z]
    np.testing.assert_allclose(stacked(found)[:, 0], places, atol=1e-6)
    bones = stacked(found)[:, 1] - stacked(found)[:, 0]
    np.testing.assert_allclose(bones, [X] * 7 + [-Y], atol=1e-6)


def test_what_was_never_found_is_at_its_parent(tmp_path):
    points = np.array([T_POINTS, T_POINTS])
    wrist = H36M.keypoint_names.index('left_wrist')
    points[:, wrist] = np.nan
    path = write(tmp_path / 'a.bvh', points)
    found = stacked(read_bvh(path)[1])
    np.testing.assert_allclose(found[:, wrist], found[:, wrist - 1])
    found[:, wrist] = T_POINTS[wrist]
    np.testing.assert_allclose(found, [T_POINTS] * 2, atol=1e-6)
    # Its end site has a direction all the same.
    assert '\t\tOFFSET 5.0000 0.0000 0.0000\n' in path.read_text()
    none = stacked(read_bvh(write(path, points * np.nan))[1])
    np.testing.assert_array_equal(none, np.zeros((2, 17, 3)))


def test_angles_go_on_past_half_a_turn(tmp_path):
    about = np.radians(np.arange(0, 1000, 25))
    ends = np.cos(about)[:, None] * Y - np.sin(about)[:, None] * X
    found = rows(write(tmp_path / 'a.bvh', one_bone(ends), UPRIGHT))
    np.testing.assert_allclose(found[:, 3], np.degrees(about), atol=1e-4)


@pytest.mark.parametrize('error', [KeyboardInterrupt, RuntimeError])
def test_an_error_leaves_what_was_written(error, tmp_path):
    path = tmp_path / 'new' / 'a.bvh'
    some = instants(np.array([T_POINTS] * 3))
    with pytest.raises(error), BvhWriter(path, H36M) as writer:  # noqa: PT012
        for one in some:
            writer.write(one)
        assert not path.exists()
        raise error
    assert len(read_bvh(path)[1]) == 3
    with pytest.raises(ValueError, match=r'before close\(\), got 000000'):
        writer.write(some[0])


def test_the_old_file_stays_until_a_new_one_is_whole(tmp_path, monkeypatch):
    path = write(tmp_path / 'a.bvh', [T_POINTS])
    old = path.read_text()
    write(path, np.zeros((0, 17, 3)))
    assert path.read_text() == old
    monkeypatch.setattr(bvh.np, 'savetxt', full_disk)
    with pytest.raises(OSError, match='disk full'):
        write(path, [T_POINTS] * 2)
    assert path.read_text() == old
    assert [one.name for one in tmp_path.iterdir()] == ['a.bvh']


def full_disk(file, rows, **options):
    file.write('0.0 ')
    raise OSError('disk full')


def test_without_an_instant_there_is_no_file(tmp_path):
    write(tmp_path / 'new' / 'a.bvh', np.zeros((0, 17, 3)))
    assert not list(tmp_path.iterdir())


def test_memory_is_what_the_page_tells(tmp_path):
    (one,) = instants(np.array([T_POINTS]))
    many = [replace(one, index=i) for i in range(3000)]
    with BvhWriter(tmp_path / 'a.bvh', H36M) as writer:
        writer.write(many[0])
        tracemalloc.start()
        for other in many[1:]:
            writer.write(other)
        size = tracemalloc.get_traced_memory()[0] / 3000
        tracemalloc.stop()
    assert 17 * 24 < size < 17 * 24 + 250


def test_what_cannot_be_written(tmp_path):
    path = tmp_path / 'a.bvh'
    with pytest.raises(ValueError, match="unit: expected one of m, cm, mm, got 'km'"):
        BvhWriter(path, H36M, unit='km')
    with pytest.raises(ValueError, match="up: expected one of .*, got 'z'"):
        BvhWriter(path, H36M, up='z')
    with pytest.raises(ValueError, match="root: expected one of root, .*, got 'nose'"):
        BvhWriter(path, H36M, root='nose')
    with pytest.raises(ValueError, match='links: expected a tree .* got head apart'):
        BvhWriter(path, Recording((), ('root', 'head')))
    with pytest.raises(ValueError, match='keypoint_names: expected each once in BVH'):
        BvhWriter(path, replace(H36M, keypoint_names=('root', *'ab' * 8)))
    first, second = instants(np.array([T_POINTS] * 2))
    with BvhWriter(path, H36M) as writer:
        writer.write(second)
        for late in (first, second):
            with pytest.raises(ValueError, match='index: expected more than 1'):
                writer.write(late)
    assert len(read_bvh(path)[1]) == 1


def test_from_another_root(tmp_path):
    path = write(tmp_path / 'a.bvh', [T_POINTS], root='thorax')
    known, (found,) = read_bvh(path)
    assert known.keypoint_names[0] == 'thorax'
    order = [H36M.keypoint_names.index(name) for name in known.keypoint_names]
    np.testing.assert_allclose(found.keypoints_3d, T_POINTS[order], atol=1e-6)
