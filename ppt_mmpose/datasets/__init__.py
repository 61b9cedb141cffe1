"""Data: datasets, and later transforms, samplers and the synthetic data maker."""

from .datasets import CheckedCocoDataset, CheckedMpiiDataset

__all__ = ['CheckedCocoDataset', 'CheckedMpiiDataset']
