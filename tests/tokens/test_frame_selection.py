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


def middles(frames, count):
    return [(2 * part + 1) * frames // (2 * count) for part in range(count)]


def kept_with(frames, count, centre=None):
    always = torch.zeros(1, frames, dtype=torch.bool)
    always[0, frames // 2 if centre is None else centre] = True
    seen = seen_of(torch.randn(1, frames, 4))
    return select_frames(uniform_scores, seen, count, always)[0].tolist()[0]


def test_uniform_frames_of_every_number():
    for frames in (1, 2, 7, 10, 27):
        seen = seen_of(torch.randn(1, frames, 4))
        for count in range(1, frames + 1):
            chosen = uniform_scores(seen, count)[0].nonzero()[:, 0].tolist()
            assert chosen == middles(frames, count)


@pytest.mark.parametrize(
    ('frames', 'count', 'expected'),
    [
        # 4 even places, none of which is the centre.
        (9, 5, [1, 3, 4, 5, 7]),
        # Of 5 places one would be frame 3: 2.5 on either side, the half before it.
        (7, 6, [0, 1, 2, 3, 4, 6]),
        (9, 4, [1, 3, 4, 7]),
        (27, 10, [1, 3, 6, 9, 11, 13, 15, 18, 22, 25]),
        (7, 2, [1, 3]),
        (7, 1, [3]),
        (7, 7, [0, 1, 2, 3, 4, 5, 6]),
        (2, 2, [0, 1]),
        (1, 1, [0]),
    ],
)
def test_uniform_frames_around_the_one_that_always_stays(frames, count, expected):
    assert kept_with(frames, count) == expected


@pytest.mark.parametrize(('frames', 'count'), [(243, 61), (243, 121), (351, 117)])
def test_uniform_frames_of_the_released_numbers(frames, count):
    expected = sorted({*middles(frames, count - 1), frames // 2})
    assert len(expected) == count
    assert kept_with(frames, count) == expected


def test_uniform_frames_wherever_the_one_is_that_stays():
    for frames in (2, 5, 8, 13):
        for centre in range(frames):
            for count in range(1, frames + 1):
                kept = kept_with(frames, count, centre)
                assert len(set(kept)) == count
                assert centre in kept
                # Never the first frames for want of others.
                if count < frames - 1:
                    parts = [one for one in kept if one != centre]
                    gaps = torch.tensor([-1, *parts, frames]).diff()
                    assert gaps.max() <= 2 * frames / max(count - 1, 1) + 1


def test_samples_need_not_have_the_same_frame_that_stays():
    always = torch.zeros(2, 9, dtype=torch.bool)
    always[0, 4] = always[1, 0] = True
    seen = seen_of(torch.randn(2, 9, 4))
    kept, _ = select_frames(uniform_scores, seen, 4, always)
    assert kept.tolist() == [[1, 3, 4, 7], [0, 1, 4, 7]]


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
