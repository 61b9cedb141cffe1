"""Hooks of the runner, optimisers, and how checkpoints are written."""

from . import hooks, optim_wrappers, optimizers
from .atomic_backend import AtomicLocalBackend

__all__ = ['AtomicLocalBackend', 'hooks', 'optim_wrappers', 'optimizers']
