"""Hooks of the runner, and how checkpoints are written."""

from . import hooks
from .atomic_backend import AtomicLocalBackend

__all__ = ['AtomicLocalBackend', 'hooks']
