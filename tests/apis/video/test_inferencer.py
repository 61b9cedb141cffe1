import cv2
import numpy as np
import pytest
from known_people import KnownPeople, frames, moving
from small_video import small_inferencer, small_lifter

from ppt_mmpose.apis.video import VideoPoseInferencer


def unseen(joints, *gaps):
    """Joints by frame, without those of some stretches."""
    hidden = {frame for gap in gaps for frame in range(*gap)}
    return [None if f in hidden else one for f, one in enumerate(joints)]


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('lifter')


def test_two_people(folder):
    joints = moving(30), moving(30, index=4, shift=300)
    inferencer = small_inferencer(folder, KnownPeople(*joints))
    told = []
    motion = inferencer(
        frames(30, (1000, 1000)), progress=lambda *one: told.append(one), rate=25
    )
    assert (motion.length, motion.size, motion.rate) == (30, (1000, 1000), 25)
    assert [person.track for person in motion.people] == [0, 1]
    for person, given in zip(motion.people, joints):
        assert person.frames.tolist() == list(range(30))
        assert person.seen.all()
        assert person.found.all()
        np.testing.assert_allclose(person.keypoints_2d, given, atol=1e-3)
        # Each as if nobody else were there.
        alone = inferencer.lifter.lift(
            person.lifted_2d, person.lifted_scores, person.boxes, motion.size
        )
        np.testing.assert_allclose(person.keypoints_3d, alone, atol=1e-6)
        assert np.abs(person.keypoints_3d[:, 0]).max() == 0
    assert told[29] == ('2D', 30, None)
    assert told[-1] == ('3D', 60, 60)
    assert motion.recording.keypoint_names[:2] == ('root', 'right_hip')
    assert [one[0].track for one in motion.at(29)] == [0, 1]
    assert motion.at(30) == []


def test_gaps(folder):
    # 5 frames are 0.2 s, 16 frames more than half a second.
    joints = unseen(moving(60), (10, 15), (30, 46))
    inferencer = small_inferencer(folder, KnownPeople(joints))
    images = list(frames(60, (1000, 1000)))
    (person,) = inferencer(images, rate=25, max_gap=1.0).people
    assert np.flatnonzero(~person.seen).tolist() == [*range(10, 15), *range(30, 46)]
    assert np.flatnonzero(~person.found).tolist() == list(range(30, 46))
    assert not person.keypoints_3d[30:46].any()
    # What was before the gap does not know what comes after it.
    (shorter,) = inferencer(images[:30], rate=25).people
    np.testing.assert_allclose(
        person.keypoints_3d[:30], shorter.keypoints_3d, atol=1e-6
    )
    # Waiting for less long makes two people of one.
    parted = inferencer(images, rate=25, max_gap=0.4).people
    assert [one.frames[[0, -1]].tolist() for one in parted] == [[0, 29], [46, 59]]
    (filled,) = inferencer(images, rate=25, max_gap=1.0, fill_gaps=1.0).people
    assert filled.found.all()


def test_tracks_of_few_frames(folder):
    joints = moving(20), unseen(moving(20, index=4, shift=300), (0, 8), (11, 20))
    inferencer = small_inferencer(folder, KnownPeople(*joints))
    first, second = inferencer(list(frames(20, (1000, 1000)))).people
    assert second.frames.tolist() == [8, 9, 10]
    assert second.found.all()
    assert np.isfinite(second.keypoints_3d).all()
    (alone,) = inferencer(list(frames(20, (1000, 1000))), min_frames=4).people
    assert alone.track == first.track


def test_nobody(folder):
    inferencer = small_inferencer(folder, KnownPeople())
    motion = inferencer(list(frames(5)))
    assert (motion.people, motion.length) == ([], 5)
    assert motion.at(0) == []


def test_lifters_in_pixels_are_scaled(folder):
    estimator = KnownPeople(moving(12))
    inferencer = small_inferencer(folder, estimator, 'hot_motionbert_h36m')
    (small,), (tall,) = (
        inferencer(list(frames(12, (1000, 1000))), stature=stature).people
        for stature in (1.5, 1.8)
    )
    np.testing.assert_allclose(small.keypoints_3d * 1.2, tall.keypoints_3d)
    ends = np.array(inferencer.lifter.dataset_meta['skeleton_links'])
    bones = np.diff(tall.keypoints_3d[:, ends], axis=2)[:, :, 0]
    lengths = np.linalg.norm(bones, axis=-1).sum(1)
    assert np.median(lengths) == pytest.approx(1.8 * 2.369, rel=0.05)


def test_any_source(folder, tmp_path):
    inferencer = small_inferencer(folder, KnownPeople(moving(3)))
    pictures = tmp_path / 'pictures'
    pictures.mkdir()
    images = list(frames(3, (1000, 1000)))
    for number, image in enumerate(images):
        cv2.imwrite(str(pictures / f'{number}.png'), image)
    one, other = (inferencer(source).people[0] for source in (str(pictures), images))
    np.testing.assert_array_equal(one.keypoints_3d, other.keypoints_3d)


def test_bad_videos_are_told(folder, tmp_path):
    inferencer = small_inferencer(folder, KnownPeople(moving(3)))
    path = tmp_path / 'video.mp4'
    path.write_bytes(b'this is no video')
    with pytest.raises(ValueError, match=r'video\.mp4: expected a video that OpenCV'):
        inferencer(str(path))
    with pytest.raises(ValueError, match=r'none\.mp4: expected a folder or a file'):
        inferencer(str(tmp_path / 'none.mp4'))
    with pytest.raises(ValueError, match='expected frames that can be decoded, got no'):
        inferencer(iter([]))
    with pytest.raises(ValueError, match=r'frame 1: expected an image \(32, 32, 3\)'):
        inferencer([next(frames(1)), np.zeros((16, 32, 3), np.uint8)])
    with pytest.raises(ValueError, match='frame 0: expected an image of uint8, got fl'):
        inferencer([np.zeros((16, 32, 3))])
    with pytest.raises(ValueError, match='^rate: expected frames a second, got 0'):
        inferencer(list(frames(1)), rate=0)
    for name in ('fill_gaps', 'max_gap'):
        for value in (-1, float('inf'), float('nan')):
            with pytest.raises(ValueError, match=f'^{name}: expected 0 s or more, got'):
                inferencer(None, **{name: value})
    with pytest.raises(ValueError, match='^min_frames: expected 1 or more, got 0'):
        inferencer(None, min_frames=0)
    with pytest.raises(ValueError, match='^stature: expected metres, got 170'):
        inferencer(None, stature=170)


def test_joints_that_do_not_fit_are_told(folder):
    config, weights = small_lifter(folder)
    with pytest.raises(ValueError, match='^pose2d_weights: has no effect with an esti'):
        VideoPoseInferencer(
            config, weights, pose2d=KnownPeople(), pose2d_weights='x', device='cpu'
        )
    hands = KnownPeople()
    hands.dataset_meta = dict(keypoint_id2name={0: 'wrist', 1: 'thumb'})
    with pytest.raises(ValueError, match="of Human3.6M's cannot be made of wrist, thu"):
        VideoPoseInferencer(config, weights, pose2d=hands, device='cpu')
