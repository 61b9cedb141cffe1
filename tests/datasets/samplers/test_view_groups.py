import pytest
from mmengine.dataset import BaseDataset, ConcatDataset
from mmpose.datasets import CombinedDataset
from views_of_groups import Ids, whole

from ppt_mmpose.datasets.samplers.view_groups import view_groups


def combined(datasets, factors=None):
    dataset = CombinedDataset.__new__(CombinedDataset)
    dataset.datasets, dataset.resample = datasets, factors is not None
    return dataset


def test_views_of_a_group_in_order_wherever_they_lie():
    dataset = Ids([('b', 2), ('a', 0), ('b', 0), ('a', 3), ('b', 1)])
    assert view_groups(dataset) == [[2, 4, 0], [1, 3]]


def test_a_subset_has_the_views_that_are_left():
    dataset = Ids([('a', 0), ('a', 1), ('b', 0), ('b', 1)], indices=3)
    assert view_groups(dataset) == [[0, 1], [2]]


def test_several_datasets():
    first, second = Ids([('a', 0), ('a', 1)]), Ids([('b', 1), ('b', 0)])
    assert view_groups(combined([first, second])) == [[0, 1], [3, 2]]
    assert view_groups(ConcatDataset([first, second])) == [[0, 1], [3, 2]]


def test_a_dataset_that_draws_at_random():
    with pytest.raises(ValueError, match='sample_ratio_factor .* expected None'):
        view_groups(combined([whole(2)], factors=[0.5]))


def test_no_copies_of_metainfo_are_made(monkeypatch):
    monkeypatch.setattr(Ids, 'get_data_info', None, raising=False)
    assert view_groups(whole(2, views=2)) == [[0, 1], [2, 3]]


def test_two_samples_of_one_view():
    message = "group 'a': expected one sample of view 1, got the samples 0 and 2"
    with pytest.raises(ValueError, match=message):
        view_groups(Ids([('a', 1), ('a', 0), ('a', 1)]))


def test_samples_that_are_no_views():
    class Plain(BaseDataset):
        def load_data_list(self):
            return [dict(view_id=0)]

    message = 'sample 0 of the dataset: .* got no group_id$'
    with pytest.raises(ValueError, match=message):
        view_groups(Plain())


def test_no_samples():
    with pytest.raises(ValueError, match='at least one group of views, got none'):
        view_groups([])
