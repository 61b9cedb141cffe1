"""Which samples of a batch are views of one instant."""

from typing import Any, Dict, Hashable, List, Mapping, Sequence

import torch
from torch import Tensor

# What a sample of several views tells, for ``PackPoseInputs(meta_keys=...)``.
SAMPLE_KEYS = ('group_id', 'view_id', 'camera', 'crop_affine', 'input_size')


def places_of_groups(samples: Sequence[Mapping[str, Any]]) -> Tensor:
    """Where the views of each instant are.

    Args:
        samples: what n samples of a batch tell, see `SAMPLE_KEYS`.

    Returns:
        ``(B, V)``, int64: of each instant its views' numbers among the samples, in the
        order in which they come; -1 behind the last one of an instant that has fewer
        views than another.

    Raises:
        ValueError: for a sample that does not tell everything, two samples of one
            view, or no sample at all.
    """
    if not samples:
        raise ValueError(
            'data samples: expected one view of an instant or more, got none'
        )
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
        views = groups.setdefault(sample['group_id'], {})
        if sample['view_id'] in views:
            raise ValueError(
                f'group_id {sample["group_id"]!r}: expected each view once in a batch, '
                f'got view {sample["view_id"]} twice'
            )
        views[sample['view_id']] = number
    most = max(len(views) for views in groups.values())
    rows: List[List[int]] = [
        [*views.values(), *[-1] * (most - len(views))] for views in groups.values()
    ]
    return torch.tensor(rows)
