import numpy as np
import pytest
from known_people import KnownPeople, frames, moving
from small_video import small_inferencer, small_lifter

from ppt_mmpose.apis.video import PoseStream, VideoPoseInferencer

SIZE = (1000, 1000)


def streamed(stream, count):
    """Poses by person and frame, and how many frames had come when they came."""
    poses, when = {}, {}
    for number, image in enumerate(frames(count, SIZE)):
        for pose in stream.push(image):
            poses[pose.track, pose.frame] = pose
            when[pose.frame] = number - pose.frame
    for found in stream.finish():
        for pose in found:
            poses[pose.track, pose.frame] = pose
    return poses, when


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('lifter')


def test_all_poses_come_after_the_delay(folder):
    inferencer = small_inferencer(
        folder, KnownPeople(moving(20), moving(20, index=4, shift=300))
    )
    for delay in (0, 3, 8):
        stream = PoseStream(inferencer, rate=25, delay=delay)
        assert stream.delay_seconds == delay / 25
        poses, when = streamed(stream, 20)
        assert set(poses) == {(t, f) for t in (0, 1) for f in range(20)}
        assert set(when.values()) == {delay}


def test_a_pose_is_that_of_the_window_that_ends_with_the_newest_frame(folder):
    joints = moving(20)
    inferencer = small_inferencer(folder, KnownPeople(joints))
    poses, _ = streamed(PoseStream(inferencer, delay=3), 20)
    lifter = inferencer.lifter
    for frame in (2, 10, 16):
        rows = np.arange(frame + 3 - 8, frame + 4).clip(0, 19)
        boxes = np.concatenate([joints[rows].min(1), joints[rows].max(1)], 1)
        wanted = lifter.window(joints[rows], np.ones((9, 17)), boxes, SIZE)[5]
        np.testing.assert_allclose(poses[0, frame].keypoints_3d, wanted, atol=1e-5)


def centred(folder, estimator):
    """A lifter that gives the centre frame alone."""
    extra = "model['test_cfg'] = dict(flip_test=True, output='centre')\n"
    config, weights = small_lifter(folder, extra=extra)
    return VideoPoseInferencer(config, weights, pose2d=estimator, device='cpu')


def test_with_the_whole_future_poses_are_those_of_two_passes(folder):
    second = [None] * 4 + list(moving(20, index=4, shift=300)[4:15]) + [None] * 5
    second[7] = None
    inferencer = centred(folder, KnownPeople(moving(20), second))
    stream = PoseStream(inferencer, rate=25)
    assert stream.delay == 4
    poses, _ = streamed(stream, 20)
    motion = inferencer(list(frames(20, SIZE)), rate=25)
    wanted = {
        (person.track, int(frame)): pose
        for person in motion.people
        for frame, pose in zip(person.frames, person.keypoints_3d)
    }
    assert set(poses) == set(wanted)
    for key, pose in poses.items():
        np.testing.assert_allclose(pose.keypoints_3d, wanted[key], atol=1e-5)
    assert [poses[1, f].seen for f in (6, 7, 8)] == [True, False, True]


def test_long_gaps_have_no_poses_as_in_two_passes(folder):
    joints = list(moving(40))
    joints[12:18] = [None] * 6
    inferencer = centred(folder, KnownPeople(joints))
    options = dict(max_gap=1.0, fill_gaps=0.1, rate=20)
    poses, _ = streamed(PoseStream(inferencer, **options), 40)
    (person,) = inferencer(list(frames(40, SIZE)), **options).people
    assert sorted(f for _, f in poses) == person.frames[person.found].tolist()
    assert not person.found[12:18].any()
    for (_, frame), pose in poses.items():
        np.testing.assert_allclose(
            pose.keypoints_3d, person.keypoints_3d[frame], atol=1e-5
        )


def test_lifters_in_pixels_give_metres(folder):
    inferencer = small_inferencer(folder, KnownPeople(moving(9)), 'hot_motionbert_h36m')
    stream = PoseStream(inferencer, delay=0, stature=1.5)
    poses = [stream.push(image)[0] for image in frames(9, SIZE)]
    ends = np.array(inferencer.links)
    bones = np.diff(poses[-1].keypoints_3d[ends], axis=1)
    length = np.linalg.norm(bones, axis=-1).sum()
    assert length == pytest.approx(1.5 * 2.369, rel=0.2)


def test_the_usual_delays(folder):
    inferencer = small_inferencer(folder, KnownPeople(moving(2)))
    assert PoseStream(inferencer, rate=100).delay == 4
    assert PoseStream(inferencer, rate=4).delay == 2
    with pytest.raises(ValueError, match='^delay: expected 0 to 8 frames, .*, got 9'):
        PoseStream(inferencer, delay=9)
    with pytest.raises(ValueError, match='^delay: expected 0 to 8 frames, .*, got 1.5'):
        PoseStream(inferencer, delay=1.5)
    with pytest.raises(ValueError, match='^rate: expected frames a second, got 0'):
        PoseStream(inferencer, rate=0)
    with pytest.raises(ValueError, match='^fill_gaps: expected 0 s or more, got -1'):
        PoseStream(inferencer, fill_gaps=-1)
    with pytest.raises(ValueError, match='^stature: expected metres, got 0'):
        PoseStream(inferencer, stature=0)
    alone = centred(folder, KnownPeople(moving(2)))
    assert PoseStream(alone, rate=4).delay == 4
    with pytest.raises(ValueError, match='^delay: expected 0 to 4 frames, .*, got 5'):
        PoseStream(alone, delay=5)


def test_memory_does_not_grow(folder):
    # In a full window of nine and a delay of two.
    estimator = KnownPeople(moving(120))
    stream = PoseStream(small_inferencer(folder, estimator), delay=2)
    for image in frames(120, SIZE):
        stream.push(image)
    (track,) = stream._tracks.values()
    assert len(track) == 11
    assert stream._finder.tracker.tracks == []


def test_those_who_left_are_forgotten(folder):
    left = list(moving(5)) + [None] * 20
    stream = PoseStream(small_inferencer(folder, KnownPeople(left)), rate=10, delay=2)
    found = [len(stream.push(image)) for image in frames(25, SIZE)]
    assert found == [0, 0, 1, 1, 1, 1, 1] + [0] * 18
    assert stream._tracks == {}


def test_an_image_of_another_size_is_told(folder):
    stream = PoseStream(small_inferencer(folder, KnownPeople(moving(2))))
    images = list(frames(2, SIZE))
    stream.push(images[0])
    with pytest.raises(ValueError, match=r'^frame 1: expected an image \(1000, '):
        stream.push(images[1][:500])
    with pytest.raises(ValueError, match='^frame 1: expected an image of uint8'):
        stream.push(images[1] / 255)


def test_as_motion_files_have_it(folder):
    stream = PoseStream(small_inferencer(folder, KnownPeople(moving(2))), delay=0)
    (pose,) = stream.push(next(frames(1, SIZE)))
    instant = pose.instant()
    assert (instant.index, instant.name) == (0, '000000')
    np.testing.assert_array_equal(instant.keypoints_3d, pose.keypoints_3d)
    assert instant.used.all()
