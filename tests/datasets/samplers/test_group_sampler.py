from itertools import chain

import pytest
from mmpose.registry import DATA_SAMPLERS
from views_of_groups import Ids, processes, whole

UNEQUAL = [('a', 0), ('a', 1), ('b', 1)]


def sampler_of(dataset, **options):
    return DATA_SAMPLERS.build(dict(type='GroupSampler', dataset=dataset, **options))


def test_views_stay_adjacent_and_in_order_when_groups_are_shuffled():
    sampler = sampler_of(whole(6), seed=3)
    samples = list(sampler)
    assert len(samples) == len(sampler) == 24
    groups = [samples[i : i + 4] for i in range(0, 24, 4)]
    assert sorted(groups) == [list(range(i, i + 4)) for i in range(0, 24, 4)]
    assert groups != sorted(groups)


def test_order_depends_on_seed_and_epoch_alone():
    sampler = sampler_of(whole(8), seed=3)
    first = list(sampler)
    assert list(sampler) == first
    sampler.set_epoch(1)
    second = list(sampler)
    assert second != first
    assert sorted(second) == sorted(first)
    again = sampler_of(whole(8), seed=3)
    again.set_epoch(1)
    assert list(again) == second
    assert list(sampler_of(whole(8), seed=4)) != first


def test_without_shuffling():
    sampler = sampler_of(whole(3), shuffle=False)
    assert list(sampler) == list(range(12))
    sampler.set_epoch(5)
    assert list(sampler) == list(range(12))


@pytest.mark.parametrize('shuffle', [False, True])
def test_each_group_once_if_not_rounded_up(monkeypatch, shuffle):
    build = lambda: sampler_of(whole(5), shuffle=shuffle, seed=0, round_up=False)  # noqa: E731
    parts = [
        sampler.epoch_groups() for sampler in processes(monkeypatch, build, count=3)
    ]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert sorted(chain(*parts)) == [list(range(i, i + 4)) for i in range(0, 20, 4)]


def test_rounded_up_by_whole_groups(monkeypatch):
    samplers = processes(monkeypatch, lambda: sampler_of(whole(5), seed=0), count=3)
    parts = [sampler.epoch_groups() for sampler in samplers]
    assert [len(part) for part in parts] == [2, 2, 2]
    assert [len(sampler) for sampler in samplers] == [8, 8, 8]
    assert len({tuple(group) for group in chain(*parts)}) == 5


def test_more_processes_than_groups(monkeypatch):
    up = processes(monkeypatch, lambda: sampler_of(whole(2), seed=0), count=5)
    assert [sampler.num_groups for sampler in up] == [1] * 5
    assert all(len(list(sampler)) == 4 for sampler in up)
    once = processes(
        monkeypatch, lambda: sampler_of(whole(2), seed=0, round_up=False), count=5
    )
    assert [len(list(sampler)) for sampler in once] == [4, 4, 0, 0, 0]
    assert [len(sampler) for sampler in once] == [4, 4, 0, 0, 0]


def test_unequal_groups_need_batches_of_groups():
    sampler = sampler_of(Ids(UNEQUAL), shuffle=False)
    assert sampler.epoch_groups() == [[0, 1], [2]]
    assert sampler.max_views == 2
    for use in (len, iter):
        with pytest.raises(ValueError, match=r'got 1 to 2; .*GroupBatchSampler'):
            use(sampler)
