import pytest
import torch

from ppt_mmpose.tokens import density_peak_scores


def line(*places):
    """Frames whose one feature is a place on a line."""
    return torch.tensor(places, dtype=torch.float64)[None, :, None]


def test_by_hand():
    # Nearest others: 1 of 0, 1 of 1, 2 of 3, 7 of 10.
    features = line(0.0, 1.0, 3.0, 10.0)
    nearest = torch.tensor([1.0, 1.0, 2.0, 7.0], dtype=torch.float64)
    density = (-nearest.square() / 2).exp()
    # The first is the densest, as the earlier of two; the others look for a denser one.
    delta = torch.tensor([10.0, 1.0, 2.0, 7.0], dtype=torch.float64)
    scores = density_peak_scores(features)
    assert torch.allclose(scores[0], delta * density)


def test_neither_of_a_tied_pair_is_denser_without_an_order():
    scores = density_peak_scores(line(0.0, 1.0, 3.0, 10.0), break_ties=False)
    assert torch.equal(scores[0, 0], scores[0, 1])
    assert scores[0, 0] == pytest.approx(10 * torch.tensor(-0.5).exp().item())


def test_distances_are_divided_by_the_root_of_the_channels():
    features = torch.randn(2, 7, 4)
    wide = features.repeat(1, 1, 9)
    assert torch.allclose(density_peak_scores(wide), density_peak_scores(features))


def test_more_neighbours_look_farther():
    features = line(0.0, 1.0, 3.0)
    # Of the second frame: itself, 1 and 2 away.
    density = torch.tensor(-(0 + 1 + 4) / 3).exp()
    scores = density_peak_scores(features, neighbours=3)
    assert scores[0, 1] == pytest.approx((density * 3).item(), rel=1e-6)


def test_noise_decides_ties():
    features = line(0.0, 1.0, 3.0, 10.0)
    later = 1e-6 * torch.arange(4)
    scores = density_peak_scores(features, noise=later, break_ties=False)
    assert scores[0, 1] > 5 > 1 > scores[0, 0]


def test_equal_frames_leave_one_that_stands_for_all():
    features = line(0.0, 0.0, 0.0, 5.0, 5.0, 5.0)
    order = density_peak_scores(features)[0].argsort(descending=True)
    assert set(order[:2].tolist()) == {0, 3}


def test_near_frames_in_float32_are_told_apart():
    # Far from the origin, where differences of squares are mere rounding.
    features = 100 + torch.tensor([0.0, 1, 3, 10])[None, :, None] / 1024
    features = features.expand(1, 4, 16)
    scores = density_peak_scores(features) * 1024
    # All are about as dense, so that what counts are distances.
    assert scores[0].tolist() == pytest.approx([10, 1, 2, 7], rel=1e-3)


def test_half_precision_is_ranked_in_float32_and_without_a_gradient():
    features = torch.randn(1, 6, 4, dtype=torch.bfloat16, requires_grad=True)
    scores = density_peak_scores(features)
    assert scores.dtype == torch.float32
    assert not scores.requires_grad


def test_one_frame():
    assert density_peak_scores(torch.randn(2, 1, 4)).shape == (2, 1)


def test_no_neighbours_are_refused():
    with pytest.raises(ValueError, match='neighbours: expected 1 or more, got 0'):
        density_peak_scores(torch.randn(1, 3, 2), neighbours=0)


def test_samples_know_nothing_of_each_other():
    near, far = torch.randn(2, 1, 9, 4).unbind()
    both = density_peak_scores(torch.cat((near, 100 * far)))
    assert torch.allclose(both[:1], density_peak_scores(near))
    assert torch.allclose(both[1:], density_peak_scores(100 * far))
