"""Ours and the textbook's loops agree; times by a clock that the test winds."""

import json
import time

import numpy as np
import pytest
import textbook_triangulation
from options import load_triangulation_loops

from ppt_mmpose.analysis import triangulation_benchmark as subject
from ppt_mmpose.analysis.camera_ring import record_ring
from ppt_mmpose.analysis.triangulation_benchmark import benchmark_triangulation
from ppt_mmpose.analysis.triangulation_report import (
    plot_triangulation,
    triangulation_report,
)
from ppt_mmpose.geometry import triangulate

TINY = dict(keypoints=3, instants=2, repeats=2, threads=1)


def looped(method, recording, **kwargs):
    """Points (T * J, 3) of the textbook, and their views."""
    arrays = recording.keypoints.numpy(), recording.scores.numpy()
    loop = textbook_triangulation.LOOPS[method]
    points, views = zip(*loop(recording.cameras, *arrays, **kwargs))
    return np.stack(points), views


@pytest.mark.parametrize('method', ['linear', 'robust'])
@pytest.mark.parametrize('views', [2, 5])
def test_both_sides_give_the_same_points_without_noise(method, views):
    seen = record_ring(views, keypoints=4, instants=3, noise=0, wrong=0)
    points, used = looped(method, seen)
    ours = triangulate(seen.cameras, seen.keypoints, seen.scores, method=method)
    np.testing.assert_allclose(points, ours.points.reshape(-1, 3), rtol=0, atol=1e-6)
    np.testing.assert_allclose(points, seen.points.reshape(-1, 3), rtol=0, atol=1e-6)
    assert all(list(one) == list(range(views)) for one in used)


def test_linear_is_ours_with_noise_and_wrong_keypoints_too():
    seen = record_ring(6, keypoints=4, instants=3, noise=2, wrong=0.1)
    ours = triangulate(seen.cameras, seen.keypoints, method='linear')
    assert ours.found.all()
    points, _ = looped('linear', seen)
    np.testing.assert_allclose(points, ours.points.reshape(-1, 3), rtol=0, atol=1e-6)


def test_the_textbook_finds_the_wrong_views():
    seen = record_ring(6, keypoints=3, instants=1, noise=1, wrong=0)
    seen.keypoints[0, 2, 0] += 200
    seen.keypoints[0, [1, 4], 1] -= 300
    points, views = looped('robust', seen)
    assert views == ([0, 1, 3, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5])
    ours = triangulate(seen.cameras, seen.keypoints, seen.scores)
    for joint, used in enumerate(views):
        assert ours.used[0, :, joint].nonzero()[:, 0].tolist() == used
    np.testing.assert_allclose(points, ours.points[0], rtol=0, atol=2e-3)
    points, views = looped('robust', seen, most_excluded=1)
    assert np.isfinite(points[[0, 2]]).all()
    assert np.isnan(points[1]).all()
    assert views[1] == []


def test_the_textbooks_score_is_the_weight_of_a_view():
    seen = record_ring(3, keypoints=2, instants=1, noise=3, wrong=0)
    ours = triangulate(seen.cameras, seen.keypoints, seen.scores, method='weighted')
    points, _ = looped('robust', seen, threshold=1e3)
    np.testing.assert_allclose(points, ours.points[0], rtol=0, atol=1e-6)


@pytest.fixture
def clock(monkeypatch):
    """Time goes on by 3 ms in every call of `triangulate`, and not otherwise."""
    now = [0.0]
    monkeypatch.setattr(time, 'perf_counter', lambda: now[0])

    def slow(*args, **kwargs):
        now[0] += 0.003
        return triangulate(*args, **kwargs)

    monkeypatch.setattr(subject, 'triangulate', slow)
    return now


def test_times_are_of_a_point_and_ratios_of_the_same_method(clock):
    truth = record_ring(4, keypoints=3, instants=2).points.reshape(-1, 3).numpy()

    def loop(cameras, keypoints, scores):
        assert keypoints.shape == (2, 4, 3, 2)
        assert scores.shape == (2, 4, 3)
        for number, point in enumerate(truth):
            clock[0] += 0.001
            off = (0, 0.003 * number, 0.004 * number)
            yield (point + off if number else np.full(3, np.nan)), []

    found = benchmark_triangulation(
        [4], loops=dict(robust=loop), loop_seconds=0.0035, **TINY
    )
    *ours, other = found.costs
    assert [cost.method for cost in found.costs] == [*subject.METHODS, 'robust']
    assert [cost.loop for cost in found.costs] == [False, False, False, True]
    # It is stopped when the fourth point is there.
    assert other.points == 4
    assert other.time.median == pytest.approx(4)
    assert other.per_point == pytest.approx(1000)
    assert other.found == 0.75
    assert other.median_error == pytest.approx(10)
    assert other.high_error == pytest.approx(14.9)
    assert other.speedup is None
    for cost in ours:
        assert cost.points == 6
        assert cost.time.median == pytest.approx(3)
        assert cost.per_point == pytest.approx(500)
    assert [cost.speedup for cost in ours] == [None, None, pytest.approx(2)]
    rows = triangulation_report(found).splitlines()
    assert rows[4] == (
        f'| 4 | robust | 6 | 3.0 [3.0, 3.0] | 666.7 | 500.0 | 125000 | 2.0 | 100.0% '
        f'| {ours[2].median_error:.1f} | {ours[2].high_error:.1f} |'
    )
    assert rows[5] == (
        '| 4 | robust, loop | 4 | 4.0 [4.0, 4.0] | 333.3 | 1000.0 | 250000 | - '
        '| 75.0% | 10.0 | 14.9 |'
    )


def test_a_loop_has_at_least_one_point_and_at_most_all(clock):
    def loop(cameras, keypoints, scores):
        for _ in range(6):
            clock[0] += 1
            yield np.full(3, np.nan), []

    for seconds, points in ((0.1, 1), (99, 6)):
        *_, cost = benchmark_triangulation(
            [2], loops=dict(linear=loop), loop_seconds=seconds, **TINY
        ).costs
        assert cost.points == points
        assert cost.found == 0
        assert cost.median_error is None
        assert cost.high_error is None


def test_a_loop_that_is_too_slow_gets_no_more_views(clock):
    def loop(seconds):
        def points(cameras, keypoints, scores):
            for _ in range(keypoints.size // 2 // len(cameras)):
                clock[0] += seconds * len(cameras)
                yield np.zeros(3), []

        return points

    loops = dict(linear=loop(0.001), robust=loop(0.1))
    sizes = dict(keypoints=20, instants=1, repeats=2)
    found = benchmark_triangulation([8, 2, 4], loops=loops, loop_seconds=2.9, **sizes)
    tried = [
        (cost.views, cost.method, cost.points) for cost in found.costs if cost.loop
    ]
    assert tried == [
        *((2, 'linear', 20), (2, 'robust', 15)),
        *((4, 'linear', 20), (4, 'robust', 8)),
        (8, 'linear', 20),
    ]
    assert list(loops) == ['linear', 'robust']
    assert found.costs[-2].speedup is None
    # All points, however few, are enough.
    found = benchmark_triangulation([2, 4], loops=loops, **TINY)
    assert [cost.points for cost in found.costs if cost.loop] == [6] * 4


def test_several_numbers_of_views_with_the_textbook(tmp_path):
    out, plot = tmp_path / 'out.json', tmp_path / 'a.png'
    loops = load_triangulation_loops()
    assert list(loops) == ['linear', 'robust']
    found = benchmark_triangulation(
        [2, 6], loops=loops, wrong=0, loop_seconds=0.05, out=str(out), **TINY
    )
    assert [cost.views for cost in found.costs] == [2] * 5 + [6] * 5
    assert all(cost.found == 1 for cost in found.costs)
    assert all(cost.median_error < 20 for cost in found.costs)
    saved = json.loads(out.read_text())
    assert saved == json.loads(json.dumps(found.as_dict()))
    assert saved['machine']['repeats'] == 2
    plot_triangulation(found, str(plot))
    assert plot.stat().st_size > 10_000
    assert '3 keypoints, 2 instants, noise of 2 px, 0%' in triangulation_report(found)


def test_wrong_keypoints_spoil_linear_and_not_robust():
    found = benchmark_triangulation(
        [8], keypoints=20, instants=5, repeats=2, threads=1, wrong=0.1
    )
    error = {cost.method: cost.median_error for cost in found.costs}
    assert len(error) == 3
    assert error['robust'] < 10
    assert error['linear'] > 30


def test_wrong_keypoints_spoil_linear_less_in_metres():
    seen = record_ring(16, keypoints=100, instants=5)
    errors, sizes = [], []
    for unit in (1e-3, 1.0):
        result = triangulate(seen.cameras, seen.keypoints, method='linear', unit=unit)
        off = (result.points - seen.points)[result.found].norm(dim=-1)
        errors.append(off.median())
        sizes.append(result.points[result.found].norm(dim=-1).median())
    assert errors[1] < 0.6 * errors[0]
    # What is spoiled lies too far from the world's origin.
    assert sizes[0] > 1.2 * sizes[1] > 1.2 * seen.points.norm(dim=-1).median()


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(views=[4, 1]), 'views: expected 2 or more, got 1'),
        (dict(views=[]), 'views: expected 2 or more, got 0'),
        (dict(keypoints=0), 'keypoints: expected 1 or more, got 0'),
        (dict(instants=0), 'instants: expected 1 or more, got 0'),
        (dict(repeats=1), 'repeats: expected 2 or more, got 1'),
        (dict(threads=0), 'threads: expected 1 or more, got 0'),
        (dict(noise=-1.0), 'noise: expected 0 px or more, got -1'),
        (dict(wrong=1.5), r'wrong: expected a share in \[0, 1\], got 1.5'),
        (dict(loop_seconds=0.0), 'loop_seconds: expected more than 0, got 0'),
        (dict(loops=dict(best=None)), "loops: expected some of .* got 'best'"),
    ],
)
def test_numbers_that_cannot_be_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        benchmark_triangulation(**{'views': [2], **TINY, **changes})
