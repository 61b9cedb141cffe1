"""What lies in the folder afterwards, read back."""

import cv2
import numpy as np
import pytest
import ring_recording
import small_model
import small_views
from made_estimator import frames, run_of

from ppt_mmpose.apis.multiview import MOTION_FORMATS, Outputs, run_multiview
from ppt_mmpose.motion_files import read_motion

RING = ring_recording.ring(4)
POSES = ring_recording.people(4)


def gaps():
    """A run with a missing image, a lost keypoint, a wrong view and nobody at all."""
    inputs = frames(RING, 4)
    inputs[1][1] = None
    scores = np.full((4, 4, 17), 0.875)
    scores[0, 1:, 5] = 0.25
    counts = {(3, view): 0 for view in range(4)}
    options = dict(scores=scores, counts=counts, wrong={(2, 3): (30, 10)})
    return run_of(RING, POSES, inputs, rate=20, detects=True, **options)[0]


def written(folder, run, batch_size=4, **options):
    """Write a run; return its instants."""
    with Outputs(folder, run, **options) as files:
        instants = []
        for instant, images in run.instants(batch_size=batch_size):
            files.write(instant, images)
            instants.append(instant)
    return instants


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob('*') if p.is_file())


def test_every_format_reads_back_as_it_was_given(tmp_path):
    run = gaps()
    instants = written(tmp_path, run)
    assert names(tmp_path) == [
        'keypoints.csv',
        'keypoints.json',
        'keypoints.npz',
        'keypoints.trc',
        'keypoints_2d.csv',
    ]
    assert not instants[0].found[5]
    assert not instants[2].used[3].any()
    assert not instants[3].seen.any()
    # To what the formats hold: everything; to 1 um and 0.001 px; 3D alone.
    for name, tolerance in dict(npz=1e-4, json=1e-3, csv=1e-3, trc=1e-6).items():
        recording, read = read_motion(tmp_path / f'keypoints.{name}')
        assert recording.keypoint_names == run.recording.keypoint_names
        assert recording.rate == pytest.approx(20)
        assert len(read) == 4
        for ours, theirs in zip(read, instants):
            assert ours.index == theirs.index
            np.testing.assert_array_equal(ours.found, theirs.found)
            np.testing.assert_allclose(
                ours.keypoints_3d, theirs.keypoints_3d, atol=1e-6
            )
            if name != 'trc':
                assert recording.camera_names == RING.names
                assert ours.name == theirs.name
                for field in ('keypoints_2d', 'scores', 'errors', 'boxes'):
                    np.testing.assert_allclose(
                        getattr(ours, field), getattr(theirs, field), atol=tolerance
                    )
                for field in ('used', 'seen'):
                    np.testing.assert_array_equal(
                        getattr(ours, field), getattr(theirs, field)
                    )


def test_what_is_up_turns_trc_alone(tmp_path):
    instants = written(tmp_path, gaps(), up='+z')
    _, turned = read_motion(tmp_path / 'keypoints.trc')
    x, y, z = instants[1].keypoints_3d.T
    np.testing.assert_allclose(turned[1].keypoints_3d.T, [x, z, -y], atol=1e-6)
    _, same = read_motion(tmp_path / 'keypoints.json')
    np.testing.assert_allclose(
        same[1].keypoints_3d, instants[1].keypoints_3d, atol=1e-6
    )


def test_some_formats_each_once(tmp_path):
    written(tmp_path, gaps(), formats=['trc', 'trc'])
    assert names(tmp_path) == ['keypoints.trc']
    assert len(read_motion(tmp_path / 'keypoints.trc')[1]) == 4
    written(tmp_path / 'none', gaps(), formats=[])
    assert not (tmp_path / 'none').exists()
    with pytest.raises(
        ValueError, match='^formats: expected some of npz, csv, json, trc, got fbx$'
    ):
        Outputs(tmp_path, gaps(), formats=['npz', 'fbx'])
    # Keypoints of COCO form no tree.
    with pytest.raises(ValueError, match='npz, csv, json, trc, got bvh$'):
        Outputs(tmp_path, gaps(), formats=['bvh'])
    assert set(MOTION_FORMATS) == {'npz', 'csv', 'json', 'trc'}


def test_pictures_as_files(tmp_path):
    written(tmp_path, gaps(), formats=[], overlays=True, world=True, up='+z')
    # The view that lacks an image has no file of it.
    expected = [
        f'overlays/{view}/{number:06d}.jpg'
        for view in ('cam0', 'cam1', 'cam2', 'cam3', 'views')
        for number in range(4)
        if (view, number) != ('cam1', 1)
    ]
    expected += [f'world/{number:06d}.jpg' for number in range(4)]
    assert names(tmp_path) == expected
    sizes = {path.parent.name: set() for path in tmp_path.rglob('*.jpg')}
    for path in tmp_path.rglob('*.jpg'):
        sizes[path.parent.name].add(cv2.imread(str(path)).shape)
    assert sizes.pop('world') == {(640, 1280, 3)}
    (views,) = sizes.pop('views')
    assert views[0] > 2 * 512
    assert views[1] >= 2 * 640
    assert set(map(tuple, sizes.values())) == {((128, 160, 3),)}


def test_pictures_show_what_was_found(tmp_path):
    written(tmp_path, gaps(), formats=[], overlays=True, world=True)
    person, nobody = (
        cv2.imread(str(tmp_path / 'overlays' / 'cam0' / f'{name}.jpg'))
        for name in ('000001', '000003')
    )
    # The frames are black.
    assert (person > 100).any(-1).sum() > 200
    assert (nobody > 100).sum() == 0
    with_person, without = (
        cv2.imread(str(tmp_path / 'world' / f'{name}.jpg'))
        for name in ('000001', '000003')
    )
    # The near picture, on the right, shows the person alone.
    assert (with_person[:, 640:] != without[:, 640:]).any()


def test_the_threshold_is_that_of_the_drawing(tmp_path):
    for name, threshold in dict(weak=0.95, strong=0.5).items():
        options = dict(formats=[], overlays=True, threshold=threshold)
        written(tmp_path / name, gaps(), **options)
    pictures = [
        cv2.imread(str(tmp_path / name / 'overlays' / 'cam0' / '000001.jpg'))
        for name in ('weak', 'strong')
    ]
    # Reprojected keypoints are magenta, so green is MMPose's skeleton, and the box.
    weak, strong = ((picture[..., 1] > 100).sum() for picture in pictures)
    assert weak < 0.8 * strong


def frame_count(path):
    video, count = cv2.VideoCapture(str(path)), 0
    while video.read()[0]:
        count += 1
    return count, video.get(cv2.CAP_PROP_FPS)


def test_pictures_as_videos(tmp_path):
    run = gaps()
    written(tmp_path, run, formats=[], overlays=True, world=True, video=True)
    expected = ['cam0', 'cam1', 'cam2', 'cam3', 'views']
    assert names(tmp_path) == [*(f'overlays/{n}.mp4' for n in expected), 'world.mp4']
    for path in tmp_path.rglob('*.mp4'):
        # A frame for every instant, with an image or without.
        assert frame_count(path) == (4, 20), path


def test_videos_become_videos(tmp_path):
    for name in ('left', 'right'):
        small_views.write_video(tmp_path / f'{name}.mp4', [0, 0, 0], rate=25)
    cameras = small_views.calibration('left', 'right')
    poses = np.array([[[-1, -1, 5], [1, 1, 5], [0, 0, 5.0]]])
    for video, expected in ((None, ['views.mp4']), (False, ['views'])):
        run, _ = run_of(
            cameras,
            poses,
            [tmp_path / 'left.mp4', tmp_path / 'right.mp4'],
            meta=small_model.META,
        )
        out = tmp_path / f'out_{video}'
        written(out, run, formats=[], overlays=True, video=video)
        assert [path.name for path in out.glob('overlays/views*')] == expected


def test_world_pictures_before_anybody_is_found_are_white(tmp_path):
    counts = {(0, view): 0 for view in range(4)}
    run, _ = run_of(RING, POSES, counts=counts, detects=True)
    written(tmp_path, run, formats=[], world=True)
    first, second = (
        cv2.imread(str(tmp_path / 'world' / f'{name}.jpg'))
        for name in ('000000', '000001')
    )
    assert (first == 255).all()
    assert first.shape == second.shape
    assert (second != 255).any()


@pytest.mark.parametrize('up', [None, '+z'])
def test_world_pictures_of_a_single_keypoint(tmp_path, up):
    scores = np.full((4, 4, 17), 0.9)
    scores[0, :, 1:] = 0
    run, _ = run_of(RING, POSES, scores=scores)
    instants = written(tmp_path, run, formats=[], world=True, up=up)
    assert instants[0].found.sum() == 1
    assert len(names(tmp_path)) == 4


def test_what_was_written_before_an_error_is_whole(tmp_path):
    inputs = [iter([*images[:2], images[2][..., 0]]) for images in frames(RING, 4)]
    run, _ = run_of(RING, POSES, inputs)
    with pytest.raises(ValueError, match="^view 'cam0', instant 000002: expected an"):
        written(tmp_path, run, overlays=True, world=True, video=True)
    expected, _ = run_of(RING, POSES)
    instants = [one for one, _ in expected.instants()][:2]
    for name in MOTION_FORMATS:
        _, read = read_motion(tmp_path / f'keypoints.{name}')
        assert len(read) == 2
        for ours, theirs in zip(read, instants):
            np.testing.assert_allclose(
                ours.keypoints_3d, theirs.keypoints_3d, atol=1e-6
            )
    _, exact = read_motion(tmp_path / 'keypoints.npz')
    for ours, theirs in zip(exact, instants):
        np.testing.assert_allclose(ours.scores, theirs.scores, atol=1e-6)
    for path in tmp_path.rglob('*.mp4'):
        assert frame_count(path)[0] == 2


def test_ctrl_c_leaves_whole_files(tmp_path):
    def interrupted():
        yield from frames(RING, 3)[0]
        raise KeyboardInterrupt

    run, _ = run_of(RING, POSES, [interrupted(), *frames(RING, 4)[1:]])
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path, run, batch_size=1)
    for name in MOTION_FORMATS:
        assert len(read_motion(tmp_path / f'keypoints.{name}')[1]) == 3


def test_nothing_is_there_before_the_first_instant(tmp_path):
    Outputs(tmp_path / 'out', gaps(), overlays=True, world=True).close()
    assert not (tmp_path / 'out').exists()


def test_a_camera_named_like_the_picture_of_all_is_told(tmp_path):
    cameras = small_views.calibration('left', 'views')
    poses = np.array([[[-1, -1, 5], [1, 1, 5], [0, 0, 5.0]]])
    run, _ = run_of(cameras, poses, meta=small_model.META)
    with pytest.raises(ValueError, match="^overlays: expected no camera named 'views'"):
        Outputs(tmp_path, run, overlays=True)


def test_a_whole_run(tmp_path, capfd):
    run = gaps()

    class Inferencer:
        def open(self, inputs, *, rate):
            assert (inputs, rate) == ('inputs', 12)
            return run

    summary = run_multiview(
        Inferencer(),
        'inputs',
        tmp_path,
        rate=12,
        options=dict(batch_size=2),
        outputs=dict(formats=['npz']),
        progress=False,
    )
    _, read = read_motion(tmp_path / 'keypoints.npz')
    assert summary.instants == len(read) == 4
    # One of 17 keypoints was lost, and everybody at the last instant.
    assert summary.found == pytest.approx((3 * 17 - 1) / (4 * 17))
    assert capfd.readouterr().err == ''
