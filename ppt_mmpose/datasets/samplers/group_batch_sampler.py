"""Batches of whole groups of views."""

from math import ceil
from typing import Iterator, List

import numpy as np
from mmpose.registry import DATA_SAMPLERS
from torch.utils.data import Sampler

from .group_sampler import GroupSampler
from .view_groups import Group


@DATA_SAMPLERS.register_module()
class GroupBatchSampler(Sampler):
    """Puts whole groups of views into batches; may leave out views in training.

    A batch has ``batch_size / V`` groups, V being the most views of any group: so it
    has ``batch_size`` samples, or fewer where groups lack views.

    Args:
        sampler: deals the groups.
        batch_size: samples in a batch, as MMEngine's dataloaders count them; a
            multiple of V.
        drop_last: leave out the last batch if it has fewer groups.
        drop_view_prob: probability with which each view is left out, drawn anew in
            each epoch, for training a model that is to bear missing views.
        min_views: so many views of a group always stay.

    Raises:
        ValueError: for another sampler, a batch size that is no multiple of V, or an
            option out of its range.
    """

    def __init__(
        self,
        sampler: GroupSampler,
        batch_size: int,
        *,
        drop_last: bool = False,
        drop_view_prob: float = 0.0,
        min_views: int = 2,
    ) -> None:
        if not isinstance(sampler, GroupSampler):
            raise ValueError(
                'sampler of a GroupBatchSampler: expected a GroupSampler, got a '
                f'{type(sampler).__name__}'
            )
        views = sampler.max_views
        if batch_size < 1 or batch_size % views:
            raise ValueError(
                f'batch_size: expected a multiple of {views}, the views of a group, '
                f'got {batch_size}'
            )
        if not 0 <= drop_view_prob < 1:
            raise ValueError(
                f'drop_view_prob: expected a number of 0 to below 1, got '
                f'{drop_view_prob}'
            )
        if min_views < 1 or (drop_view_prob and min_views >= views):
            raise ValueError(
                f'min_views: expected 1 to {views - 1}, fewer than the views of a '
                f'group, got {min_views}'
            )
        # MMEngine's hooks look for it to set the epoch.
        self.sampler = sampler
        self.batch_groups = batch_size // views
        self.drop_last = drop_last
        self.drop_view_prob = drop_view_prob
        self.min_views = min_views

    def __iter__(self) -> Iterator[List[int]]:
        groups = self._with_views_dropped(self.sampler.epoch_groups())
        for batch in range(len(self)):
            first = batch * self.batch_groups
            chosen = groups[first : first + self.batch_groups]
            yield [sample for group in chosen for sample in group]

    def __len__(self) -> int:
        """Batches of this process."""
        batches = self.sampler.num_groups / self.batch_groups
        return int(batches) if self.drop_last else ceil(batches)

    def _with_views_dropped(self, groups: List[Group]) -> List[Group]:
        if not self.drop_view_prob:
            return groups
        sampler = self.sampler
        rng = np.random.default_rng([sampler.seed, sampler.epoch, sampler.rank])
        left = []
        for group in groups:
            draws = rng.random(len(group))
            stays = draws >= self.drop_view_prob
            # The highest draws: which views are spared is left to chance, too.
            stays[np.argsort(draws)[-self.min_views :]] = True
            left.append([sample for sample, stay in zip(group, stays) if stay])
        return left
