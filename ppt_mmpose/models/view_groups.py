"""Which samples of a batch are views of one instant."""

from typing import Any, Dict, Hashable, List, Mapping, Optional, Sequence

import torch
from torch import Tensor

# What a sample of several views tells, for ``PackPoseInputs(meta_keys=...)``.
SAMPLE_KEYS = ('group_id', 'view_id', 'camera', 'crop_affine', 'input_size')


def places_of_groups(
    samples: Sequence[Mapping[str, Any]],
    view_sets: Optional[Sequence[Sequence[int]]] = None,
) -> Tensor:
    """Where the views are that belong together.

    Args:
        samples: what n samples of a batch tell, see `SAMPLE_KEYS`.
        view_sets: ``view_id`` of the views of an instant that belong together; without
            it, all do.

    Returns:
        ``(B, V)``, int64: of each instant, or each such set of it, its views' numbers
        among the samples, in the order in which they come; -1 behind the last one of
        those that have fewer views than another.

    Raises:
        ValueError: for a sample that does not tell everything, two samples of one
            view, a view that is in no set, or no sample at all.
    """
    if not samples:
        raise ValueError(
            'data samples: expected one view of an instant or more, got none'
        )
    set_of = {view: n for n, views in enumerate(view_sets or ()) for view in views}
    groups: Dict[Hashable, Dict[Any, int]] = {}
    for number, sample in enumerate(samples):
        missing = [key for key in SAMPLE_KEYS if key not in sample]
        if missing:
            raise ValueError(
                f'data sample: expected {", ".join(SAMPLE_KEYS)} of each view, got no '
                f'{", ".join(missing)}; the dataset and CropCamera give them, and '
                'PackPoseInputs(meta_keys=...) has to name them. For images there is '
                'MultiViewPoseInferencer'
            )
        group, view = sample['group_id'], sample['view_id']
        if view_sets is not None and view not in set_of:
            raise ValueError(
                f'view_sets: expected all views in a set, got {view_sets} and view '
                f'{view} of group_id {group!r}'
            )
        views = groups.setdefault((group, set_of.get(view)), {})
        if view in views:
            raise ValueError(
                f'group_id {group!r}: expected each view once in a batch, got view '
                f'{view} twice'
            )
        views[view] = number
    most = max(len(views) for views in groups.values())
    rows: List[List[int]] = [
        [*views.values(), *[-1] * (most - len(views))] for views in groups.values()
    ]
    return torch.tensor(rows)
