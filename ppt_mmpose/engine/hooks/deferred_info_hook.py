"""Losses are read from the device when somebody wants to know them."""

from collections import defaultdict
from typing import Any, DefaultDict, Dict, List, Optional

import torch
from mmengine.hooks import LoggerHook, RuntimeInfoHook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor


@HOOKS.register_module()
class DeferredInfoHook(RuntimeInfoHook):
    """MMEngine's RuntimeInfoHook, which does not wait for the device in every step.

    MMEngine asks for the value of every loss in every iteration, so that an accelerator
    has nothing to do while the next step is prepared. Here they are asked for together,
    before they are logged or saved, and at the end of an epoch. Logs and histories are
    the same; a hook of your own that reads losses from the message hub in every
    iteration needs MMEngine's: ``default_hooks.runtime_info.type=RuntimeInfoHook``.
    """

    def __init__(self) -> None:
        self._waiting: DefaultDict[str, List[Any]] = defaultdict(list)
        self._intervals: List[int] = []

    def before_train(self, runner: Runner) -> None:
        """Find out when losses are logged."""
        super().before_train(runner)
        self._waiting.clear()
        loggers = [hook for hook in runner.hooks if isinstance(hook, LoggerHook)]
        self._intervals = [logger.interval for logger in loggers]

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Take note of what came out, and hand it on when it is time."""
        for name, value in (outputs or {}).items():
            # The graph behind a loss can go.
            value = value.detach() if isinstance(value, Tensor) else value
            self._waiting[name].append(value)
        due = any(self.every_n_inner_iters(batch_idx, n) for n in self._intervals)
        if due or self.end_of_epoch(runner.train_dataloader, batch_idx):
            self._hand_on(runner)

    def before_save_checkpoint(self, runner: Runner, checkpoint: Dict) -> None:
        """Checkpoints hold the history of losses; MMEngine has copied it already."""
        if self._waiting:
            self._hand_on(runner)
            checkpoint['message_hub'] = runner.message_hub.state_dict()

    def after_train(self, runner: Runner) -> None:
        """Hand on what is left."""
        self._hand_on(runner)
        super().after_train(runner)

    def _hand_on(self, runner: Runner) -> None:
        for name, values in self._waiting.items():
            if all(isinstance(value, Tensor) for value in values):
                values = torch.stack([value.reshape(()) for value in values]).tolist()
            for value in values:
                runner.message_hub.update_scalar(f'train/{name}', value)
        self._waiting.clear()
