import pytest
import torch

from ppt_mmpose.tokens import (
    DensityPeakScores,
    SeenFrames,
    attention_scores,
    density_peak_scores,
    motion_scores,
    select_frames,
    uniform_scores,
)


def seen_of(features=None, keypoints=None, attention=None):
    if features is None:
        features = torch.randn(2, 9, 4)
    if keypoints is None:
        keypoints = torch.randn(*features.shape[:2], 3, 2)
    return SeenFrames(features, keypoints, lambda: attention)


def test_the_highest_stay_in_the_order_of_time():
    scores = torch.tensor([[0.1, 0.9, 0.3, 0.8], [0.9, 0.1, 0.2, 0.3]])
    kept, ranked = select_frames(lambda *_: scores, seen_of(torch.randn(2, 4, 1)), 2)
    assert kept.tolist() == [[1, 3], [0, 3]]
    assert torch.equal(ranked, scores)


def test_a_frame_that_always_stays_takes_no_part():
    scores = torch.tensor([[0.9, 0.8, 0.0, 0.7]])
    always = torch.tensor([[False, False, True, False]])
    kept, ranked = select_frames(
        lambda *_: scores, seen_of(torch.randn(1, 4, 1)), 3, always
    )
    assert kept.tolist() == [[0, 1, 2]]
    assert ranked[0, 2] == 0


def test_density_peaks_with_given_noise():
    seen, noise = seen_of(), torch.rand(9)
    scores = DensityPeakScores(3, noise=noise, break_ties=False)(seen, 4)
    expected = density_peak_scores(
        seen.features, neighbours=3, noise=noise, break_ties=False
    )
    assert torch.equal(scores, expected)


def test_density_peaks_with_random_noise_take_a_generator():
    seen = seen_of(torch.zeros(1, 50, 2))

    def scores(seed, noise=0.5):
        generator = torch.Generator().manual_seed(seed)
        return DensityPeakScores(noise=noise, generator=generator)(seen, 4)

    assert torch.equal(scores(0), scores(0))
    assert torch.equal(DensityPeakScores()(seen, 4), DensityPeakScores()(seen, 4))
    seen = seen_of(torch.randn(1, 50, 2))
    first, second = (scores(seed) for seed in (0, 1))
    assert not torch.equal(first, second)
    plain = DensityPeakScores()(seen, 4)
    assert torch.allclose(scores(0, 1e-9), plain, atol=1e-6)


def test_uniform_frames_are_in_the_middle_of_equal_parts():
    seen = seen_of(torch.randn(2, 9, 4))
    kept, _ = select_frames(uniform_scores, seen, 3)
    assert kept.tolist() == [[1, 4, 7]] * 2
    for count in range(1, 10):
        assert uniform_scores(seen, count).sum().item() == 2 * count


def test_motion_is_the_way_since_the_frame_before():
    keypoints = torch.zeros(1, 4, 2, 3)
    keypoints[0, 1:, 0, 0] = 3
    keypoints[0, 1:, 0, 1] = 4
    keypoints[0, 3, 1, 0] = 1
    # A confidence is no place.
    keypoints[..., 2] = torch.rand(1, 4, 2)
    seen = seen_of(torch.randn(1, 4, 1), keypoints)
    assert motion_scores(seen, 2).tolist() == [[2.5, 2.5, 0, 0.5]]
    assert motion_scores(seen_of(torch.randn(2, 1, 4)), 1).tolist() == [[0], [0]]


def test_attention_is_asked_for_only_where_it_is_wanted():
    attention = torch.rand(2, 9)
    seen = seen_of(attention=attention)
    assert torch.equal(attention_scores(seen, 3), attention)


def test_no_neighbours_are_refused():
    with pytest.raises(ValueError, match='neighbours'):
        DensityPeakScores(0)
