"""From made-up views to keypoints in the world, with a 2D model that knows them."""

import gc
import tracemalloc
import weakref
from dataclasses import replace

import cv2
import numpy as np
import pytest
import ring_recording
import small_model
import small_views
import torch
from made_estimator import COCO_META, frame, frames, run_of
from made_motion import assert_equal
from mmpose.datasets.datasets.utils import parse_pose_metainfo

RING = ring_recording.ring(4)
POSES = ring_recording.people(7)
STEADY = POSES[0] + np.linspace(0, 0.2, 7)[:, None, None]
LEFT_RIGHT = small_views.calibration('left', 'right')


def found(run, **options):
    return [instant for instant, _ in run.instants(**options)]


def test_known_keypoints_come_out():
    run, estimator = run_of(RING, POSES)
    assert run.recording.keypoint_names == tuple(ring_recording.COCO)
    assert run.recording.camera_names == RING.names
    assert run.recording.links[0] == (15, 13)
    assert len(run.recording.links) == 19
    instants = found(run)
    assert [one.index for one in instants] == list(range(7))
    assert [one.name for one in instants] == [f'{n:06d}' for n in range(7)]
    for instant, pose, pixels in zip(instants, POSES, estimator.pixels):
        assert instant.found.all()
        assert instant.used.all()
        assert instant.seen.all()
        np.testing.assert_allclose(instant.keypoints_3d, pose, atol=1e-6)
        np.testing.assert_array_equal(instant.keypoints_2d, pixels)
        assert instant.errors.max() < 1e-3
        assert (instant.scores == 0.9).all()
        # Nothing is known of where the person is.
        assert instant.boxes.tolist() == [[0, 0, 160, 128]] * 4


def test_images_come_with_their_instant():
    run, _ = run_of(RING, POSES)
    for instant, images in run.instants(batch_size=3):
        assert [image[0, 0].tolist() for image in images] == [
            [view, instant.index, 0] for view in range(4)
        ]


def test_views_are_told_apart_by_name(tmp_path):
    # In another order than the calibration's, without one, as files.
    for view in (3, 0, 2):
        (tmp_path / f'cam{view}').mkdir()
        for instant in range(2):
            path = tmp_path / f'cam{view}' / f'f{instant}.png'
            assert cv2.imwrite(str(path), frame(view, instant, (160, 128)))
    inputs = {f'cam{view}': tmp_path / f'cam{view}' for view in (3, 0, 2)}
    run, _ = run_of(RING, POSES, inputs)
    assert run.recording.camera_names == ('cam0', 'cam2', 'cam3')
    for instant, pose in zip(found(run), POSES):
        assert instant.name == f'f{instant.index}'
        np.testing.assert_allclose(instant.keypoints_3d, pose, atol=1e-6)


@pytest.mark.parametrize('size', [2, 3, 7, 100])
@pytest.mark.parametrize('top_down', [True, False])
def test_batches_of_any_size_give_the_same(size, top_down):
    options = dict(top_down=top_down, wrong={(3, 1): (20, 5)}, counts={(2, 0): 0})
    one, _ = run_of(RING, POSES, **options)
    many, estimator = run_of(RING, POSES, **options)
    alone, together = found(one, batch_size=1), found(many, batch_size=size)
    assert len(together) == 7
    for first, second in zip(alone, together):
        assert_equal(first, second)
    assert estimator.calls[0] == 4 * min(size, 7)


def test_a_view_without_image_is_left_out():
    inputs = frames(RING, 7)
    inputs[1][2] = None
    run, estimator = run_of(RING, POSES, inputs)
    instants = found(run)
    assert instants[2].seen.tolist() == [True, False, True, True]
    assert not instants[2].used[1].any()
    assert instants[2].used[[0, 2, 3]].all()
    for name in ('keypoints_2d', 'scores', 'errors', 'boxes'):
        assert not getattr(instants[2], name)[1].any(), name
    np.testing.assert_allclose(instants[2].keypoints_3d, POSES[2], atol=1e-6)
    assert all(one.seen.all() for one in instants if one.index != 2)
    assert (2, 1) not in {place[:2] for place in estimator.asked}


def test_an_instant_without_any_image():
    inputs = [[images[0], None, images[2]] for images in frames(RING, 3)]
    empty = found(run_of(RING, POSES, inputs)[0])[1]
    for name in ('keypoints_3d', 'found', 'scores', 'used', 'seen', 'boxes'):
        assert not getattr(empty, name).any(), name


def test_one_view_that_is_wrong_does_not_matter():
    run, _ = run_of(RING, POSES, wrong={(1, 2): (25, -10)})
    instant = found(run)[1]
    np.testing.assert_allclose(instant.keypoints_3d, POSES[1], atol=1e-5)
    assert instant.seen.all()
    assert instant.used.all(1).tolist() == [True, True, False, True]
    assert instant.errors[2] == pytest.approx(np.hypot(25, 10), abs=0.01)


def test_the_method_is_that_of_triangulate():
    run, _ = run_of(RING, POSES, wrong={(1, 2): (25, -10)})
    instant = found(run, method='linear')[1]
    assert instant.used.all()
    assert np.linalg.norm(instant.keypoints_3d - POSES[1], axis=1).min() > 0.01
    # So far off, no view is wrong.
    generous, _ = run_of(RING, POSES, wrong={(1, 2): (25, -10)})
    assert found(generous, threshold=1000)[1].used.all()


def test_what_was_not_found_is_zero():
    # No two views agree, so triangulate's point means nothing.
    wrong = {(0, view): (35 * view, (-1) ** view * 30) for view in range(4)}
    run, _ = run_of(RING, POSES, wrong=wrong)
    lost, *others = found(run, threshold=0.1)
    assert not lost.found.any()
    assert lost.seen.all()
    for name in ('keypoints_3d', 'errors', 'used'):
        assert not getattr(lost, name).any(), name
    assert all(one.found.all() for one in others)


def test_weak_keypoints_are_missing():
    scores = np.full((7, 4, 17), 0.5)
    scores[0, 1, 3] = 0.39  # a view less
    scores[0, 1:, 5] = 0.39  # one view is left
    scores[0, 2, 6] = 0.4
    run, _ = run_of(RING, POSES, scores=scores)
    first, second = found(run, score_thr=0.4)[:2]
    assert first.used[:, 3].tolist() == [True, False, True, True]
    assert first.found.tolist() == [number != 5 for number in range(17)]
    assert first.used[:, 6].all()
    np.testing.assert_array_equal(first.scores, scores[0])
    assert second.used.all()


@pytest.mark.parametrize('broken', ['keypoints', 'scores'])
def test_what_is_no_number_is_missing(broken):
    run, estimator = run_of(RING, POSES)
    estimator.scores = estimator.scores.copy()
    answers = dict(keypoints=estimator.pixels, scores=estimator.scores)
    answers[broken][1, 2, 4] = np.nan
    instant = found(run)[1]
    assert not instant.used[2, 4]
    assert not instant.keypoints_2d[2, 4].any()
    assert instant.scores[2, 4] == 0
    assert instant.used.sum() == 4 * 17 - 1
    np.testing.assert_allclose(instant.keypoints_3d, POSES[1], atol=1e-6)


def test_several_people_are_named_by_view_and_instant():
    for top_down in (True, False):
        run, _ = run_of(
            RING,
            POSES,
            counts={(2, 0): 2, (2, 3): 3},
            top_down=top_down,
            detects=True,
        )
        instants = run.instants(batch_size=7)
        # Those before it are not lost.
        assert [next(instants)[0].index for _ in range(2)] == [0, 1]
        with pytest.raises(
            ValueError,
            match='^instant 000002: expected one person in each view, got 2 in cam0, '
            '3 in cam3; give boxes, or track after an instant with a single person$',
        ) as caught:
            next(instants)
        assert caught.value.__context__ is None


def test_nobody_is_no_error():
    for top_down in (True, False):
        counts = {(1, 0): 0, (1, 2): 0, (2, 0): 0, (2, 1): 0, (2, 2): 0}
        run, _ = run_of(RING, POSES, counts=counts, top_down=top_down, detects=True)
        instants = found(run)
        assert instants[1].seen.tolist() == [False, True, False, True]
        np.testing.assert_allclose(instants[1].keypoints_3d, POSES[1], atol=1e-6)
        assert instants[2].seen.tolist() == [False, False, False, True]
        assert not instants[2].found.any()


def test_a_detector_gives_the_boxes():
    run, estimator = run_of(RING, POSES, detects=True)
    for instant in found(run):
        pixels = estimator.pixels[instant.index]
        around = np.concatenate([pixels.min(1), pixels.max(1)], axis=-1)
        np.testing.assert_allclose(instant.boxes, around, atol=1e-4)


def test_given_boxes_choose_among_several():
    # The others stand 30 px to the lower right.
    counts = {(number, view): 3 for number in range(7) for view in range(4)}
    _, exact = run_of(RING, POSES)
    around = np.concatenate([exact.pixels.min(2), exact.pixels.max(2)], axis=-1)
    boxes = {f'cam{view}': around[:, view] for view in range(4)}
    for top_down in (True, False):
        run, _ = run_of(RING, POSES, counts=counts, top_down=top_down)
        for instant, pose in zip(found(run, boxes=boxes), POSES):
            np.testing.assert_allclose(instant.keypoints_3d, pose, atol=1e-6)
            np.testing.assert_allclose(instant.boxes, around[instant.index], atol=1e-4)


def test_a_view_without_box_has_nobody():
    for top_down in (True, False):
        boxes = {f'cam{view}': [0, 0, 160, 128] for view in range(3)}
        run, estimator = run_of(RING, POSES, top_down=top_down)
        for instant in found(run, boxes=boxes):
            assert instant.seen.tolist() == [True, True, True, False]
            assert instant.found.all()
        # A top-down model does not even look.
        assert ((0, 3) in {place[:2] for place in estimator.asked}) == (not top_down)


def test_boxes_that_end_early_raise_after_the_others():
    run, _ = run_of(RING, POSES)
    instants = run.instants(boxes={'cam1': [[0, 0, 9, 9]] * 2}, batch_size=4)
    assert [next(instants)[0].index for _ in range(2)] == [0, 1]
    with pytest.raises(ValueError, match="camera 'cam1': .*got 2, and none for 000002"):
        next(instants)


def moving(*lefts):
    """Poses of three keypoints: a square of 2 m, 5 m away, which goes to the right."""
    corners = np.array([[-1, -1, 5], [1, 1, 5], [0, 0, 5.0]])
    return np.stack([np.add(corners, (left, 0, 0)) for left in lefts])


def test_tracked_boxes_by_hand():
    run, estimator = run_of(
        LEFT_RIGHT, moving(0, 0.2, 0.4, 2, 2, 2), meta=small_model.META
    )
    instants = found(run, track=True)
    # Focal length 50 at 5 m: 10 px a metre around (31.5, 23.5); right sees it 10 px
    # further to the right. Boxes are those of the instant before, 25 px wide.
    whole = [0, 0, 64, 48]
    assert estimator.asked == [
        (0, 0, whole),
        (0, 1, whole),
        (1, 0, [19, 11, 44, 36]),
        (1, 1, [29, 11, 54, 36]),
        (2, 0, [21, 11, 46, 36]),
        (2, 1, [31, 11, 56, 36]),
        (3, 0, [23, 11, 48, 36]),
        (3, 1, [33, 11, 58, 36]),
        # One keypoint of three was left in the boxes: the person was lost.
        (4, 0, whole),
        (4, 1, whole),
        # Two were found, the third is outside the right view.
        (5, 0, [40.25, 12.25, 52.75, 24.75]),
        (5, 1, [50.25, 12.25, 62.75, 24.75]),
    ]
    assert [one.found.sum() for one in instants] == [3, 3, 3, 1, 2, 2]


def test_tracked_boxes_end_at_the_border_and_outside():
    run, estimator = run_of(LEFT_RIGHT, moving(2.1, 2.1, 2.1), meta=small_model.META)
    # Found although it is partly outside.
    estimator.in_boxes = lambda images, boxes, views: (
        estimator.asked.extend(np.asarray(box).tolist() for box in boxes)
        or estimator.everybody(images)
    )
    found(run, track=True)
    boxes = [one for one in estimator.asked if isinstance(one, list)]
    np.testing.assert_allclose(boxes[2:4], [[40, 11, 64, 36], [50, 11, 64, 36]])


def test_a_view_that_the_person_left_is_not_asked():
    poses = moving(0, -4.4, -4.4, 0)
    run, estimator = run_of(LEFT_RIGHT, poses, meta=small_model.META)
    answers = estimator.everybody
    # Found wherever it is, so that the boxes go with it out of the left view.
    estimator.in_boxes = lambda images, boxes, views: answers(images)
    instants = found(run, track=True)
    # 44 px to the left: the left view ends at -12.5 + 31.5 - 44 + ... < 0.
    assert [one.seen.tolist() for one in instants] == [
        [True, True],
        [True, True],
        [False, True],
        # With one view it was lost, so it is looked for everywhere.
        [True, True],
    ]
    assert [one.found.any() for one in instants] == [True, True, False, True]
    np.testing.assert_allclose(instants[3].keypoints_3d, poses[3], atol=1e-6)


def test_tracking_chooses_among_several():
    counts = {(number, view): 3 for number in range(1, 7) for view in range(4)}
    for top_down in (True, False):
        run, _ = run_of(RING, STEADY, counts=counts, top_down=top_down, detects=True)
        for instant, pose in zip(found(run, track=True), STEADY):
            np.testing.assert_allclose(instant.keypoints_3d, pose, atol=1e-6)


def test_the_person_is_lost_and_found_again():
    counts = {(2, view): 0 for view in range(4)}
    counts |= {(number, view): 2 for number in (1, 4, 5) for view in range(4)}
    run, _ = run_of(RING, POSES, counts=counts, top_down=False)
    instants = found(run, track=True)
    assert [one.seen.all() for one in instants] == [number != 2 for number in range(7)]
    for number in (1, 3, 4, 5, 6):
        np.testing.assert_allclose(
            instants[number].keypoints_3d, POSES[number], atol=1e-6
        )
    # Right after it was lost, several people are an error again.
    counts |= {(3, 1): 2}
    run, _ = run_of(RING, POSES, counts=counts, top_down=False)
    tracked = run.instants(track=True)
    assert [next(tracked)[0].index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match='^instant 000003: .*got 2 in cam1;'):
        next(tracked)


def test_half_of_the_keypoints_are_enough_to_track():
    scores = np.full((7, 4, 17), 0.9)
    scores[0, :, 9:] = 0  # nine are left
    scores[1, :, 8:] = 0  # eight are left
    run, estimator = run_of(RING, POSES, scores=scores)
    found(run, track=True)
    boxes = {place[:2]: place[2] for place in estimator.asked}
    whole = [0, 0, 160, 128]
    assert boxes[1, 0] != whole
    assert boxes[2, 0] == whole
    # From the nine keypoints that were found, 1.25 times as large.
    pixels = estimator.pixels[0, 0, :9]
    middle = (pixels.min(0) + pixels.max(0)) / 2
    half = 1.25 * (pixels.max(0) - pixels.min(0)) / 2
    expected = [*(middle - half), *(middle + half)]
    np.testing.assert_allclose(boxes[1, 0], expected, atol=1e-4)


def test_options_are_refused_at_once():
    run, estimator = run_of(RING, POSES)
    whole = {'cam0': [0, 0, 160, 128]}
    for options, expected in (
        (dict(track=True, boxes=whole), '^track: has no effect with boxes; expected'),
        (dict(batch_size=0), '^batch_size: expected at least 1, got 0$'),
        (dict(batch_size=2.5), '^batch_size: expected a whole number, got 2.5$'),
        (dict(score_thr=-0.1), '^score_thr: expected at least 0, got -0.1$'),
        (dict(score_thr=np.nan), '^score_thr: expected at least 0, got nan$'),
        (dict(method='best'), "^method: expected one of .*, got 'best'$"),
        (dict(method='linear', threshold=3.0), '^threshold: expected pixels above 0'),
        (dict(threshold=0.0), '^threshold: expected pixels above 0'),
        (dict(boxes={'up': [0, 0, 9, 9]}), "^boxes, camera 'up': expected one of"),
    ):
        with pytest.raises(ValueError, match=expected):
            run.instants(**options)
    assert estimator.calls == []
    assert len(found(run)) == 7


def test_rates():
    assert run_of(RING, POSES)[0].recording.rate == 30
    assert run_of(RING, POSES, rate=12.5)[0].recording.rate == 12.5
    with pytest.raises(ValueError, match='^rate: expected instants a second, got 0$'):
        run_of(RING, POSES, rate=0)


def test_rates_are_those_of_videos(tmp_path):
    for name in ('left', 'right'):
        small_views.write_video(tmp_path / f'{name}.mp4', [10, 20], rate=50)
    videos = [tmp_path / 'left.mp4', tmp_path / 'right.mp4']
    options = dict(poses=moving(0, 0), meta=small_model.META)
    assert run_of(LEFT_RIGHT, inputs=videos, **options)[0].recording.rate == 50
    run, _ = run_of(LEFT_RIGHT, inputs=videos, rate=49.5, **options)
    assert run.recording.rate == 49.5


@pytest.mark.parametrize('size', [1, 2, 3, 4])
def test_what_was_read_before_an_error_is_given(size):
    inputs = [iter([*images[:2], images[2][..., 0]]) for images in frames(RING, 7)]
    run, _ = run_of(RING, POSES, inputs)
    instants = run.instants(batch_size=size)
    for number in range(2):
        np.testing.assert_allclose(
            next(instants)[0].keypoints_3d, POSES[number], atol=1e-6
        )
    with pytest.raises(ValueError, match="^view 'cam0', instant 000002: expected an"):
        next(instants)


def test_instants_of_a_stream_come_before_the_next_is_read():
    read = []

    def stream(view):
        for instant in range(7):
            read.append(instant)
            yield frame(view, instant, (160, 128))

    run, _ = run_of(RING, POSES, [stream(view) for view in range(4)])
    for instant, _ in run.instants(batch_size=1):
        assert len(read) == 4 * (instant.index + 1)


class Tracked(np.ndarray):
    """An image that can be looked for."""

    __hash__ = object.__hash__


def endless(view, alive):
    while True:
        image = frame(view, 0, (64, 48)).view(Tracked)
        alive.add(image)
        yield image
        del image


@pytest.mark.parametrize(
    ('count', 'options'), [(2000, dict(batch_size=4)), (600, dict(track=True))]
)
def test_memory_of_an_endless_stream_does_not_grow(count, options):
    alive, taken, most = weakref.WeakSet(), {}, 0
    run, estimator = run_of(
        LEFT_RIGHT,
        moving(0),
        [endless(view, alive) for view in range(2)],
        meta=small_model.META,
    )
    instants = run.instants(method='linear', **options)
    tracemalloc.start()
    try:
        for number in range(1, count + 1):
            next(instants)
            estimator.asked.clear()
            estimator.calls.clear()
            most = max(most, len(alive))
            if number in (200, count):
                gc.collect()
                taken[number] = tracemalloc.get_traced_memory()
                tracemalloc.reset_peak()
    finally:
        tracemalloc.stop()
    # Two batches: one is read while the other is given.
    assert most <= 2 * 2 * options.get('batch_size', 1)
    # An image is 9 kB. Python's and PyTorch's own memory settles within 100 kB.
    for before, after in zip(taken[200], taken[count]):
        assert after - before < 150_000


def test_names_are_in_the_order_of_the_model():
    info = dict(
        dataset_name='two',
        paper_info={},
        keypoint_info={
            number: dict(name=name, id=number, color=[0, 0, 0], type='', swap='')
            for number, name in enumerate(['tail', 'nose'])
        },
        skeleton_info={0: dict(link=('nose', 'tail'), id=0, color=[0, 0, 0])},
        joint_weights=[1.0] * 2,
        sigmas=[0.1] * 2,
    )
    run, _ = run_of(RING, POSES[:, :2], meta=parse_pose_metainfo(info))
    assert run.recording.keypoint_names == ('tail', 'nose')
    assert run.recording.links == ((1, 0),)


def test_keypoints_of_float32_models():
    run, estimator = run_of(RING, POSES)
    answers = estimator.in_boxes
    estimator.in_boxes = lambda images, boxes, views: [
        replace(one, keypoints=one.keypoints.astype(np.float32))
        for one in answers(images, boxes, views)
    ]
    instant = found(run)[0]
    assert instant.keypoints_3d.dtype == np.float64
    np.testing.assert_allclose(instant.keypoints_3d, POSES[0], atol=1e-4)
    assert torch.is_grad_enabled()
    assert len(COCO_META['keypoint_id2name']) == 17
