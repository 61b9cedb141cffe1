from itertools import chain

import pytest
import torch
from mmengine.dataset import DefaultSampler
from mmengine.runner import Runner
from mmpose.registry import DATA_SAMPLERS, DATASETS
from views_of_groups import Ids, processes, whole

from ppt_mmpose.datasets import GroupSampler

DATASETS.register_module(name='IdsOfGroups', module=Ids)


def batches_of(dataset, batch_size, *, shuffle=False, seed=0, round_up=True, **options):
    sampler = GroupSampler(dataset, shuffle=shuffle, seed=seed, round_up=round_up)
    return DATA_SAMPLERS.build(
        dict(
            type='GroupBatchSampler', sampler=sampler, batch_size=batch_size, **options
        )
    )


def test_whole_groups_in_each_batch():
    batches = batches_of(whole(3), 8)
    assert list(batches) == [[0, 1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11]]
    assert len(batches) == 2
    assert batches.batch_groups == 2


def test_an_incomplete_last_batch_left_out():
    batches = batches_of(whole(3), 8, drop_last=True)
    assert list(batches) == [[0, 1, 2, 3, 4, 5, 6, 7]]
    assert len(batches) == 1


def test_groups_that_lack_views_make_smaller_batches():
    ids = [('a', 0), ('a', 1), ('a', 2), ('b', 1), ('c', 0), ('c', 2)]
    assert list(batches_of(Ids(ids), 6)) == [[0, 1, 2, 3], [4, 5]]


@pytest.mark.parametrize('batch_size', [0, 2, 6, -4])
def test_a_batch_size_that_would_tear_groups(batch_size):
    message = f'batch_size: expected a multiple of 4, the views .*, got {batch_size}$'
    with pytest.raises(ValueError, match=message):
        batches_of(whole(3), batch_size)


def test_another_sampler():
    message = 'expected a GroupSampler, got a DefaultSampler'
    with pytest.raises(ValueError, match=message):
        DATA_SAMPLERS.build(
            dict(
                type='GroupBatchSampler', sampler=DefaultSampler(range(8)), batch_size=4
            )
        )


def test_as_many_batches_in_each_process_if_rounded_up(monkeypatch):
    ids = [('a', 0), ('a', 1), ('b', 0), ('c', 1), ('c', 0)]
    parts = processes(monkeypatch, lambda: batches_of(Ids(ids), 2), count=2)
    assert [list(part) for part in parts] == [[[0, 1], [4, 3]], [[2], [0, 1]]]
    assert [len(part) for part in parts] == [2, 2]


def dropped(batches, epoch=0):
    batches.sampler.set_epoch(epoch)
    return list(batches)


def test_views_are_dropped_at_the_rate_asked_for():
    batches = batches_of(whole(3000, views=6), 6, drop_view_prob=0.3, min_views=1)
    groups = dropped(batches)
    assert len(groups) == len(batches) == 3000
    left = torch.tensor(list(chain(*groups)))
    # Of 6 views all are lost with a probability of 0.3^6, and then one stays.
    assert len(left) / 18000 == pytest.approx(0.7, abs=0.015)
    counts = torch.bincount(left % 6) / 3000
    assert counts.min() > 0.66
    assert counts.max() < 0.74
    assert all(group == sorted(group) for group in groups)
    assert {group[0] // 6 for group in groups} == set(range(3000))


@pytest.mark.parametrize('least', [2, 3])
def test_some_views_always_stay(least):
    groups = dropped(batches_of(whole(200), 4, drop_view_prob=0.99, min_views=least))
    assert {len(group) for group in groups} <= {least, least + 1}
    assert sum(len(group) == least for group in groups) > 150
    # Which ones is left to chance: each view stays somewhere.
    assert {view % 4 for group in groups for view in group} == {0, 1, 2, 3}


def test_a_group_with_fewer_views_than_must_stay_is_left_alone():
    ids = [('a', 0), ('a', 1), ('a', 2), ('b', 1)]
    batches = batches_of(Ids(ids), 3, drop_view_prob=0.99)
    assert dropped(batches)[1] == [3]


def test_dropping_depends_on_seed_epoch_and_process(monkeypatch):
    build = lambda seed=0: batches_of(  # noqa: E731
        whole(40), 4, seed=seed, drop_view_prob=0.5
    )
    first = dropped(build())
    assert dropped(build()) == first
    assert dropped(build(), epoch=1) != first
    assert dropped(build(seed=1)) != first
    one, two = (
        [[sample % 4 for sample in group] for group in dropped(part)]
        for part in processes(monkeypatch, build, count=2)
    )
    assert one != two


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(drop_view_prob=1.0), 'drop_view_prob: expected .* below 1, got 1.0'),
        (dict(drop_view_prob=-0.1), 'drop_view_prob: .* got -0.1'),
        (dict(min_views=0), 'min_views: expected 1 to 3, .* got 0'),
        (dict(drop_view_prob=0.5, min_views=4), 'min_views: .* got 4'),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        batches_of(whole(3), 4, **options)


@pytest.mark.parametrize('workers', [0, 2])
def test_in_a_dataloader_of_mmengine(workers):
    ids = [(f'g{group}', view) for group in range(5) for view in range(4)]
    loader = Runner.build_dataloader(
        dict(
            batch_size=8,
            num_workers=workers,
            persistent_workers=workers > 0,
            drop_last=False,
            sampler=dict(type='GroupSampler', shuffle=True),
            batch_sampler=dict(type='GroupBatchSampler', drop_view_prob=0.3),
            dataset=dict(type='IdsOfGroups', ids=ids),
        ),
        seed=1,
    )
    assert len(loader) == 3
    epochs = []
    for epoch in range(2):
        # As DistSamplerSeedHook does it.
        loader.batch_sampler.sampler.set_epoch(epoch)
        seen = [
            list(zip(batch['group_id'], batch['view_id'], batch['sample_idx']))
            for batch in loader
        ]
        assert [len({group for group, *_ in batch}) for batch in seen] == [2, 2, 1]
        assert len({group for batch in seen for group, *_ in batch}) == 5
        assert seen != epochs[-1:]
        epochs.append(seen)
    assert epochs[0] != epochs[1]
