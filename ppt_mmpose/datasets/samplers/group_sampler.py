"""Deals whole groups of views to processes."""

from math import ceil
from typing import Any, Iterator, List, Optional

import torch
from mmengine.dist import get_dist_info, sync_random_seed
from mmpose.registry import DATA_SAMPLERS
from torch.utils.data import Sampler

from .view_groups import Group, view_groups


@DATA_SAMPLERS.register_module()
class GroupSampler(Sampler):
    """The views of a group go to one process, adjacent and in order.

    For a multi-view model, with `GroupBatchSampler` as ``batch_sampler``, which alone
    keeps groups whole in batches. Without it, batches are cut by the number of samples
    wherever they end.

    Args:
        dataset: whose samples tell ``group_id`` and ``view_id``.
        shuffle: groups in another order in each epoch; their views stay in order.
        seed: of the order; the same in all processes. Without it, one is drawn and
            shared.
        round_up: repeat groups until all processes have as many, which training needs.
            Otherwise each group is dealt out once, and processes may differ by one.

    Raises:
        ValueError: see `view_groups`.
    """

    def __init__(
        self,
        dataset: Any,
        *,
        shuffle: bool = True,
        seed: Optional[int] = None,
        round_up: bool = True,
    ) -> None:
        self.rank, self.world_size = get_dist_info()
        self.groups = view_groups(dataset)
        self.shuffle = shuffle
        self.seed = sync_random_seed() if seed is None else seed
        self.round_up = round_up
        self.epoch = 0

    @property
    def max_views(self) -> int:
        """V, the most views that any group has."""
        return max(map(len, self.groups))

    @property
    def num_groups(self) -> int:
        """How many groups this process has."""
        count = len(self.groups)
        if self.round_up:
            return ceil(count / self.world_size)
        return len(range(self.rank, count, self.world_size))

    def epoch_groups(self) -> List[Group]:
        """The groups of this process in this epoch, in order."""
        count = len(self.groups)
        if self.shuffle:
            generator = torch.Generator().manual_seed(self.seed + self.epoch)
            order = torch.randperm(count, generator=generator).tolist()
        else:
            order = list(range(count))
        mine = (self.rank + turn * self.world_size for turn in range(self.num_groups))
        return [self.groups[order[place % count]] for place in mine]

    def __iter__(self) -> Iterator[int]:
        self._check_equal()
        return (sample for group in self.epoch_groups() for sample in group)

    def __len__(self) -> int:
        """Samples of this process.

        Raises:
            ValueError: if groups differ in their number of views.
        """
        self._check_equal()
        return self.num_groups * self.max_views

    def _check_equal(self) -> None:
        """Processes with other numbers of samples would wait for each other forever."""
        fewest = min(map(len, self.groups))
        if fewest < self.max_views:
            raise ValueError(
                f'sampler: expected groups of as many views, got {fewest} to '
                f"{self.max_views}; batch_sampler=dict(type='GroupBatchSampler') takes "
                'them'
            )

    def set_epoch(self, epoch: int) -> None:
        """Fix the order of an epoch, as MMEngine's hooks do."""
        self.epoch = epoch
