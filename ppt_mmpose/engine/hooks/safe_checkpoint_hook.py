"""Checkpoints of which a good one is always there."""

from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from mmengine.fileio import BaseStorageBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


class _LateRemoval:
    """A file backend that only notes what it shall remove."""

    def __init__(self, backend: BaseStorageBackend) -> None:
        self._backend = backend
        self.doomed: List[Tuple[Callable, str]] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._backend, name)

    def remove(self, path: str) -> None:
        self.doomed.append((self._backend.remove, path))

    def rmtree(self, path: str) -> None:
        self.doomed.append((self._backend.rmtree, path))


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """MMEngine's CheckpointHook, which can be killed at any moment.

    Two things differ. A file is written beside its target and renamed, never
    half-written under its name. An old checkpoint, or the previous best, is removed
    after the new one is there; MMEngine removes it before, so that with
    ``max_keep_ckpts=1`` a crash in between leaves none.

    Args:
        backend_args: as in CheckpointHook; the atomic local backend by default.
        **kwargs: as in CheckpointHook.
    """

    file_backend: Any

    def __init__(
        self, *args: object, backend_args: Optional[dict] = None, **kwargs: object
    ) -> None:
        backend_args = backend_args or dict(backend='atomic')
        super().__init__(*args, backend_args=backend_args, **kwargs)

    @contextmanager
    def _remove_afterwards(self) -> Iterator[None]:
        backend = self.file_backend
        late = self.file_backend = _LateRemoval(backend)
        try:
            yield
        finally:
            self.file_backend = backend
        # Reached only when saving went well. After a resume, the new best can have
        # the name of the old one.
        in_use = {self.last_ckpt, getattr(self, 'best_ckpt_path', None)}
        in_use.update(getattr(self, 'best_ckpt_path_dict', {}).values())
        for remove, path in late.doomed:
            if path not in in_use:
                remove(path)

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: Dict) -> None:
        with self._remove_afterwards():
            super()._save_checkpoint_with_step(runner, step, meta)

    def _save_best_checkpoint(self, runner: Runner, metrics: Dict) -> None:
        with self._remove_afterwards():
            super()._save_best_checkpoint(runner, metrics)
