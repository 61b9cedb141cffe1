"""Which samples of a dataset are views of the same group."""

from typing import Any, Dict, Hashable, Iterator, List, Mapping

from mmengine.dataset import BaseDataset
from mmpose.datasets import CombinedDataset

Group = List[int]


def view_groups(dataset: Any) -> List[Group]:
    """The samples of each group, in the order of their ``view_id``.

    Args:
        dataset: with ``get_data_info``, whose samples tell ``group_id`` and
            ``view_id``; or a CombinedDataset of such datasets.

    Returns:
        Of each group the numbers of its samples; groups in the order of the dataset.

    Raises:
        ValueError: for a sample that does not tell them, two samples of one view, or
            a dataset without samples or with samples drawn at random.
    """
    groups: Dict[Hashable, Dict[int, int]] = {}
    for index, info in enumerate(_infos(dataset)):
        missing = [key for key in ('group_id', 'view_id') if key not in info]
        if missing:
            raise ValueError(
                f'sample {index} of the dataset: expected group_id and view_id, got no '
                f'{", ".join(missing)}'
            )
        group, view = info['group_id'], info['view_id']
        views = groups.setdefault(group, {})
        if view in views:
            raise ValueError(
                f'group {group!r}: expected one sample of view {view}, got the samples '
                f'{views[view]} and {index}'
            )
        views[view] = index
    if not groups:
        raise ValueError('dataset: expected at least one group of views, got none')
    return [[views[view] for view in sorted(views)] for views in groups.values()]


def _infos(dataset: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(dataset, CombinedDataset):
        if dataset.resample:
            raise ValueError(
                'sample_ratio_factor of CombinedDataset: expected None, because it '
                'draws single views at random, got factors'
            )
        for part in dataset.datasets:
            yield from _infos(part)
    elif isinstance(dataset, BaseDataset):
        dataset.full_init()
        for index in range(len(dataset)):
            # MMPose's own adds a copy of all metainfo, which takes ten times as long.
            yield BaseDataset.get_data_info(dataset, index)
    else:
        for index in range(len(dataset)):
            yield dataset.get_data_info(index)
