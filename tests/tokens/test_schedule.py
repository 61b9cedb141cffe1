import math

import pytest

from ppt_mmpose.tokens import PruneSchedule, cosine_keep_ratio, keep_count


@pytest.mark.parametrize(
    ('ratio', 'counts'),
    [(0.7, [180, 126, 89]), (0.6, [154, 93, 56]), (0.8, [205, 164, 132])],
)
def test_released_counts(ratio, counts):
    schedule = PruneSchedule((3, 6, 9), ratio)
    assert schedule.counts(256) == dict(zip((3, 6, 9), counts))


def test_product_is_rounded_up_as_the_floating_point_says():
    assert 10 * 0.7 == 7.0
    assert keep_count(10, 0.7) == 7
    # 100 * 0.07 is 7.000000000000001
    assert keep_count(100, 0.07) == 8


def test_a_ratio_of_one_prunes_nothing():
    assert PruneSchedule((3, 6), 1.0).counts(256) == {}


@pytest.mark.parametrize('ratio', [0, -0.1, 1.5, math.nan])
def test_ratio_out_of_range(ratio):
    with pytest.raises(ValueError, match=r'keep_ratio: expected a number in \(0, 1\]'):
        PruneSchedule((3,), ratio)


@pytest.mark.parametrize('blocks', [(6, 3), (3, 3), (-1,)])
def test_blocks_must_ascend(blocks):
    with pytest.raises(ValueError, match='prune_blocks: expected ascending'):
        PruneSchedule(blocks, 0.7)


def test_a_ratio_without_blocks_has_no_effect():
    with pytest.raises(ValueError, match='has no effect'):
        PruneSchedule((), 0.7)


def test_released_ramp():
    # 10 epochs of 5 steps at 1, then a half cosine over 100 epochs.
    ramp = dict(begin=50, end=550, target=0.7)
    assert cosine_keep_ratio(0, **ramp) == 1
    assert cosine_keep_ratio(50, **ramp) == 1
    assert cosine_keep_ratio(300, **ramp) == pytest.approx(0.85)
    assert cosine_keep_ratio(175, **ramp) == pytest.approx(
        0.7 + 0.15 * (1 + math.cos(math.pi / 4))
    )
    assert cosine_keep_ratio(550, **ramp) == 0.7
    assert cosine_keep_ratio(10**6, **ramp) == 0.7


def test_no_ramp_is_the_target_at_once():
    assert cosine_keep_ratio(0, begin=0, end=0, target=0.7) == 0.7
