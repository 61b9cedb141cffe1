"""Samplers that keep the views of a group together."""

from .group_batch_sampler import GroupBatchSampler
from .group_sampler import GroupSampler

__all__ = ['GroupBatchSampler', 'GroupSampler']
