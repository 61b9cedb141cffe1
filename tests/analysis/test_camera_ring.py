import pytest
import torch

from ppt_mmpose.analysis.camera_ring import FOCAL, LENS, camera_ring, record_ring


def test_cameras_stand_around_the_origin_upright_and_look_at_it():
    cameras = camera_ring(5)
    assert len(cameras) == 5
    height = cameras.centres[:, 2]
    torch.testing.assert_close(
        cameras.centres[:, :2].norm(dim=-1), torch.full((5,), 4.0).double()
    )
    assert height.abs().max() <= 1
    assert height.unique().numel() == 5
    opposite = camera_ring(4).centres
    assert (opposite[:2] + opposite[2:]).norm(dim=-1).min() > 0.5
    seen = cameras.project(torch.zeros(1, 3))
    torch.testing.assert_close(seen.pixels, torch.full((5, 1, 2), 500.0).double())
    torch.testing.assert_close(seen.depth[:, 0], (16 + height**2).sqrt())
    # What is higher in the world is nearer to the upper edge, in the middle.
    above = cameras.project(torch.tensor([[0, 0, 0.1]])).pixels[:, 0]
    assert (above[:, 0] - 500).abs().max() < 0.01
    assert (above[:, 1] < 480).all()
    assert cameras.distortion[0].tolist() == [*LENS, *[0] * 7]
    assert (cameras.focal == FOCAL).all()


def test_without_noise_keypoints_are_where_the_points_are():
    seen = record_ring(3, keypoints=4, instants=2, noise=0, wrong=0)
    assert seen.points.shape == (2, 4, 3)
    assert seen.points.abs().max() <= 0.5
    assert seen.keypoints.shape == (2, 3, 4, 2)
    assert seen.scores.shape == (2, 3, 4)
    assert torch.equal(seen.keypoints, seen.cameras.project(seen.points).pixels)


def test_noise_and_wrong_keypoints_are_as_many_and_as_large_as_asked():
    seen = record_ring(10, keypoints=50, instants=20, noise=2, wrong=0.2)
    off = (seen.keypoints - seen.cameras.project(seen.points).pixels).abs().amax(-1)
    # Of normal numbers 1 in 10^5 is larger than 4.4 standard deviations.
    wrong = off > 9
    assert wrong.double().mean() == pytest.approx(0.2, abs=0.015)
    assert off[wrong].median() == pytest.approx(150 * 1.05, rel=0.1)
    assert off[~wrong].median() == pytest.approx(2 * 1.05, rel=0.1)
    assert seen.scores.min() == pytest.approx(0.3, abs=0.01)
    assert seen.scores.max() == pytest.approx(1, abs=0.01)
    assert seen.scores[wrong].mean() == pytest.approx(0.65, abs=0.02)


def test_the_same_every_time_for_a_seed():
    first, same, other = (
        record_ring(2, keypoints=3, instants=1, seed=seed).keypoints
        for seed in (0, 0, 1)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
