import numpy as np
import pytest
from made_sequences import JOINTS, sequence

from ppt_mmpose.datasets.pose_sequences import read_arrays, videos_of, write_arrays

FIRST, SECOND = sequence('S1', 'Walking_1', 2), sequence('S2', 'Jog', 3, first=7)


def test_written_and_read(tmp_path):
    path = tmp_path / 'folder' / 'made.npz'
    assert write_arrays(path, [FIRST, SECOND], JOINTS) == 5
    names, poses, keypoints = read_arrays(path, JOINTS)
    assert names.tolist() == [
        'S1_Walking_1.C1_000001.jpg',
        'S1_Walking_1.C1_000002.jpg',
        'S2_Jog.C1_000001.jpg',
        'S2_Jog.C1_000002.jpg',
        'S2_Jog.C1_000003.jpg',
    ]
    np.testing.assert_array_equal(poses[:2, :, :3], FIRST.poses)
    np.testing.assert_array_equal(keypoints[2:, :, :2], SECOND.keypoints)
    assert (poses[..., 3] == 1).all()
    assert (keypoints[..., 2] == 1).all()
    assert poses.dtype == keypoints.dtype == np.float32


def test_detections_are_read_in_place_of_labels(tmp_path):
    path, detected = tmp_path / 'made.npz', tmp_path / 'folder' / 'found.npy'
    scores = np.full((2, 3, 1), 0.5, np.float32)
    found = np.concatenate((FIRST.keypoints + 3, scores), -1)
    plain = SECOND.keypoints + 4
    sequences = [FIRST._replace(detected=found)]
    write_arrays(path, sequences, JOINTS, detected)
    np.testing.assert_array_equal(read_arrays(path, JOINTS, detected).keypoints, found)
    write_arrays(path, [SECOND._replace(detected=plain)], JOINTS, detected)
    read = read_arrays(path, JOINTS, detected).keypoints
    np.testing.assert_array_equal(read[..., :2], plain)
    assert (read[..., 2] == 1).all()


def test_nothing_to_write(tmp_path):
    with pytest.raises(ValueError, match='made.npz: expected sequences to write'):
        write_arrays(tmp_path / 'made.npz', [], JOINTS)


def test_videos():
    names = [
        'S2_Jog.C1_000001.jpg',
        'S1/S1_Walk_1.C1/S1_Walk_1.C1_000005.jpg',
        'S2_Jog.C1_000006.jpg',
        'S2_Jog.C2_000002.jpg',
    ]
    videos = videos_of(np.array(names), 'file')
    assert [video[:3] for video in videos] == [
        ('S1', 'Walk_1', 'C1'),
        ('S2', 'Jog', 'C1'),
        ('S2', 'Jog', 'C2'),
    ]
    assert [video.rows.tolist() for video in videos] == [[1], [0, 2], [3]]


@pytest.mark.parametrize(
    ('names', 'message'),
    [
        (['S1_Jog.C1_2.jpg', 'S1_Jog.C1_1.jpg'], "file: imgname: .* got 'S1_Jog.C1_1"),
        (['S1_Jog.C1_2.jpg'] * 2, 'in their order, .* after frame 2'),
        (['S1Jog.C1_2.jpg'], "such as S1_Walking_1.C1_000001.jpg, got 'S1Jog.C1_2"),
        ([], 'expected at least one image, got none'),
    ],
)
def test_names_that_are_none(names, message):
    with pytest.raises(ValueError, match=message):
        videos_of(np.array(names), 'file')


def changed(tmp_path, **changes):
    path = tmp_path / 'made.npz'
    write_arrays(path, [FIRST, SECOND], JOINTS)
    with np.load(path) as file:
        arrays = dict(file)
    for name, value in changes.items():
        arrays[name] = value(arrays[name])
    np.savez(path, **{k: v for k, v in arrays.items() if v is not None})
    return path


def put(value, *place):
    def changed_copy(array):
        array = array.copy()
        array[place] = value
        return array

    return changed_copy


@pytest.mark.parametrize(
    ('name', 'change', 'message'),
    [
        (
            'S',
            put(np.nan, 3, 1, 2),
            r'made.npz: S: expected numbers, got NaN or infinity in the frame '
            r'S2_Jog.C1_000002.jpg \(row 3\), joint 1 \(left_hand\)',
        ),
        ('part', put(np.inf, 0, 2, 0), r'part: .* S1_Walking_1.* joint 2 \(right_h'),
        ('S', lambda a: a[:, :2], r'S: expected the shape \(5, 3, 4\), .*\(5, 2, 4\)'),
        ('S', lambda a: a[:4], r'S: expected the shape \(5, 3, 4\), .*\(4, 3, 4\)'),
        ('part', lambda a: a[:4], r'part: expected the shape \(5, 3, 3\), .*\(4, 3,'),
        ('part', lambda a: a / 700, r'part: expected keypoints in px, .* normalised'),
        ('part', lambda _: None, r'expected the arrays imgname, S, part, got no part'),
        ('S', lambda _: None, r'expected the arrays imgname, S, part, got no S'),
        (
            'keypoint_names',
            lambda a: a[::-1],
            'keypoint_names: expected .*root, left_hand, right_hand, in this order, '
            'got right_hand, left_hand, root',
        ),
        ('S', lambda a: a.astype(object), 'made.npz: expected an .npz of plain arrays'),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path, name, change, message):
    path = changed(tmp_path, **{name: change})
    with pytest.raises(ValueError, match=message):
        read_arrays(path, JOINTS)


def test_names_of_joints_are_optional(tmp_path):
    path = changed(tmp_path, keypoint_names=lambda _: None)
    assert len(read_arrays(path, JOINTS).names) == 5


def test_wrong_detections(tmp_path):
    path, detected = tmp_path / 'made.npz', tmp_path / 'found.npy'
    write_arrays(path, [FIRST], JOINTS)
    np.save(detected, np.full((2, 3, 3), np.nan))
    with pytest.raises(ValueError, match='found.npy: expected numbers, got NaN'):
        read_arrays(path, JOINTS, detected)
    np.save(detected, np.ones((2, 3, 3)))
    with pytest.raises(ValueError, match='found.npy: expected keypoints in px'):
        read_arrays(path, JOINTS, detected)
    np.save(detected, np.array(dict(a=1)), allow_pickle=True)
    with pytest.raises(ValueError, match='found.npy: expected an .npy of numbers'):
        read_arrays(path, JOINTS, detected)
    with pytest.raises(ValueError, match='made.npz: expected an .npy of numbers'):
        read_arrays(path, JOINTS, path)
    np.save(detected, np.ones((3, 3, 3)))
    with pytest.raises(ValueError, match=r'found.npy: expected the shape \(2, 3, 3\)'):
        read_arrays(path, JOINTS, detected)


def test_no_npz(tmp_path):
    path = tmp_path / 'made.npz'
    path.write_bytes(b'garbage')
    with pytest.raises(ValueError, match='made.npz: expected an .npz of plain arrays'):
        read_arrays(path, JOINTS)
    np.save(tmp_path / 'one.npy', np.ones(3))
    with pytest.raises(ValueError, match='one.npy: expected an .npz of plain arrays'):
        read_arrays(tmp_path / 'one.npy', JOINTS)
