import numpy as np
import pytest
from known_people import KnownPeople, frames, moving
from small_video import small_inferencer

from ppt_mmpose.apis.video import describe, run_video, write_motion
from ppt_mmpose.apis.video.outputs import MotionPictures, check_folder
from ppt_mmpose.frames import VideoFile
from ppt_mmpose.motion_files import read_motion

FORMATS = ('npz', 'csv', 'json', 'trc', 'bvh')
# Joints with one joint behind them: bones keep their directions.
LIMBS = ((1, 2), (2, 3), (4, 5), (5, 6), (11, 12), (12, 13), (14, 15), (15, 16))


@pytest.fixture(scope='module')
def inferencer(tmp_path_factory):
    """Somebody from the first frame on, and somebody with a gap from the fourth."""
    second = [None] * 3 + list(moving(20, index=4, shift=300)[3:])
    second[8] = None
    return small_inferencer(
        tmp_path_factory.mktemp('lifter'), KnownPeople(moving(20), second)
    )


@pytest.fixture(scope='module')
def images():
    """Twenty, of which the first pixels tell which they are."""
    return list(frames(20, (1000, 800)))


@pytest.fixture(scope='module')
def motion(inferencer, images):
    return inferencer(images, rate=25, fill_gaps=0)


def test_files_are_read_back(motion, tmp_path):
    files = write_motion(motion, tmp_path, FORMATS)
    assert {path.name for path in files} == {
        f'person_{track}{ending}'
        for track in (0, 1)
        for ending in ('_2d.csv', *(f'.{name}' for name in FORMATS))
    }
    person = motion.people[1]
    for name in FORMATS[:-1]:
        options = dict(up='-y') if name == 'trc' else {}
        recording, instants = read_motion(tmp_path / f'person_1.{name}', **options)
        assert recording.rate == pytest.approx(25)
        assert recording.keypoint_names == motion.recording.keypoint_names
        assert [one.index for one in instants] == list(range(3, 20))
        assert [one.found.all() for one in instants] == person.found.tolist()
        np.testing.assert_allclose(
            [one.keypoints_3d for one in instants], person.keypoints_3d, atol=1e-5
        )
    _, instants = read_motion(tmp_path / 'person_1.npz')
    np.testing.assert_allclose(
        [one.keypoints_2d[0] for one in instants], person.lifted_2d, atol=1e-3
    )
    assert [one.seen[0] for one in instants] == person.seen.tolist()


def test_skeletons_of_bvh_go_where_the_poses_go(motion, tmp_path):
    write_motion(motion, tmp_path, ['bvh'])
    person = motion.people[0]
    recording, instants = read_motion(tmp_path / 'person_0.bvh', up='-y')
    assert recording.keypoint_names == motion.recording.keypoint_names
    read = np.array([one.keypoints_3d for one in instants])
    assert read.shape == person.keypoints_3d.shape
    for first, last in LIMBS:
        bones = [
            poses[:, last] - poses[:, first] for poses in (read, person.keypoints_3d)
        ]
        ours, given = (b / np.linalg.norm(b, axis=1, keepdims=True) for b in bones)
        np.testing.assert_allclose(ours, given, atol=1e-3)


def test_up_is_up_in_files_for_other_programs(motion, tmp_path):
    write_motion(motion, tmp_path, ['trc'])
    _, instants = read_motion(tmp_path / 'person_0.trc')
    # Cameras count y downwards.
    np.testing.assert_allclose(
        instants[4].keypoints_3d[:, 1],
        -motion.people[0].keypoints_3d[4, :, 1],
        atol=1e-5,
    )


def test_videos_of_what_was_found(inferencer, images, tmp_path):
    run_video(
        inferencer, images, tmp_path, formats=['npz'], overlays=True, world=True,
        options=dict(rate=25), progress=False,
    )  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {
        *('person_0.npz', 'person_1.npz', 'person_0.png', 'person_1.png'),
        *('overlays.mp4', 'world.mp4'),
    }
    drawn = list(VideoFile(tmp_path / 'overlays.mp4'))
    assert len(drawn) == 20
    assert drawn[0].shape == (800, 1000, 3)
    beside = list(VideoFile(tmp_path / 'world.mp4'))
    assert beside[0].shape == (480, 600 + 2 * 480, 3)
    # The second one is not there at first.
    ink = [(frame[100:, 1080:] < 128).any(-1).sum() for frame in beside]
    assert ink[5] > 2 * ink[0]


def test_people_are_where_they_were_found(motion, images):
    pictures = MotionPictures(motion)
    drawn = pictures.overlay(images[5], 5)
    for person in motion.people:
        row = 5 - person.frames[0]
        for x, y in person.keypoints_2d[row].round().astype(int):
            if 0 <= x < 1000 and 0 <= y < 800:
                assert drawn[y, x].any()
    empty = pictures.overlay(images[0], 99)
    np.testing.assert_array_equal(empty, images[0])


def test_moments_of_a_person(motion):
    picture = MotionPictures(motion).moments(motion.people[0])
    height, width, _ = picture.shape
    assert height > 2 * 480
    assert width > 3 * 480


def test_a_bar_for_each_pass(inferencer, images, tmp_path, capfd):
    run_video(inferencer, images, tmp_path, formats=[], overlays=True)
    shown = capfd.readouterr().err
    assert all(name in shown for name in ('2D: ', '3D: ', 'drawn: '))
    assert '20/20' in shown


def test_nobody_is_told(tmp_path, images):
    nobody = small_inferencer(tmp_path, KnownPeople())
    out = tmp_path / 'out'
    motion = run_video(nobody, images, out, world=True, progress=False)
    assert 'nobody was found' in describe(motion)
    assert '20 frames of 1000x800 px, 0.7 s at 30 a second' in describe(motion)
    assert not out.exists()


def test_people_are_described(motion):
    assert describe(motion).splitlines()[1:] == [
        'person 0: frames 0 to 19, seen in 20, poses of 20',
        'person 1: frames 3 to 19, seen in 16, poses of 16',
    ]


def test_a_folder_that_cannot_be_is_told_at_once(inferencer, images, tmp_path):
    (tmp_path / 'file').write_text('')
    told = []
    with pytest.raises(OSError, match='file'):
        run_video(
            inferencer,
            images,
            tmp_path / 'file' / 'out',
            progress=lambda *one: told.append(one),
        )
    assert told == []


def test_a_folder_that_is_tried_leaves_no_trace(tmp_path):
    check_folder(tmp_path / 'a' / 'b')
    assert list(tmp_path.iterdir()) == []


def test_wrong_outputs_are_told(inferencer, images, tmp_path):
    with pytest.raises(ValueError, match='^formats: expected some of npz, .*, got fbx'):
        run_video(inferencer, images, tmp_path, formats=['fbx'])
    with pytest.raises(ValueError, match='^video: expected frames that can be read tw'):
        run_video(inferencer, iter(images), tmp_path, overlays=True)
