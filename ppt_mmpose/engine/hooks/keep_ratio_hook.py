"""The ramp of the keep ratio while training (PPT, section 4.1)."""

from typing import Any, Dict, List, Optional, Tuple

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from ppt_mmpose.tokens import cosine_keep_ratio


@HOOKS.register_module()
class KeepRatioHook(Hook):
    """Lower the keep ratio from 1 to the model's own, step by step.

    People are hard to find before the model has learnt anything, so pruning begins
    late and gently. The target is the ratio that the model was configured with; the
    hook knows only the ramp. It finds the pruning parts through any wrapper, and
    puts the target back before validation, test and saving.

    Args:
        warmup_epochs: epochs at a ratio of 1 (released: 10; paper: 0).
        ramp_epochs: epochs of the half cosine that follows (100). With both at 0
            the target holds from the start.
        steps: falls of the ratio on the ramp, equally far apart, the last one at its
            end; between them the ratio stays. None lets it fall in every iteration, as
            released. A model that is compiled is compiled anew for every ratio.

    Raises:
        ValueError: for negative lengths, or steps without a ramp; before training, if
            nothing in the model prunes.
    """

    def __init__(
        self,
        warmup_epochs: int = 10,
        ramp_epochs: int = 100,
        *,
        steps: Optional[int] = None,
    ) -> None:
        lengths = dict(warmup_epochs=warmup_epochs, ramp_epochs=ramp_epochs)
        for name, length in lengths.items():
            if length < 0:
                raise ValueError(f'{name}: expected 0 or more epochs, got {length}')
        if steps is not None and steps < 1:
            raise ValueError(f'steps: expected 1 or more, or None, got {steps}')
        if steps is not None and not ramp_epochs:
            raise ValueError(
                f'steps: {steps} has no effect without ramp_epochs; expected None'
            )
        self.warmup_epochs = warmup_epochs
        self.ramp_epochs = ramp_epochs
        self.steps = steps
        self._targets: List[Tuple[Any, float]] = []

    def before_train(self, runner: Runner) -> None:
        """Remember what every pruning part was configured with."""
        self._targets = [
            (module, module.keep_ratio)
            for module in runner.model.modules()
            if getattr(module, 'prunes', False)
        ]
        if not self._targets:
            raise ValueError(
                f'KeepRatioHook: nothing in {type(runner.model).__name__} prunes, so '
                'the ramp has no effect; expected a neck with prune_blocks, or no hook'
            )

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: object = None
    ) -> None:
        """Set the ratio of this iteration."""
        for module, target in self._targets:
            module.set_keep_ratio(
                self._ratio(runner.iter, len(runner.train_dataloader), target)
            )
        # Of several pruning parts, the log shows the first.
        ratio = self._targets[0][0].keep_ratio
        runner.message_hub.update_scalar('train/keep_ratio', ratio)

    def _ratio(self, iteration: int, iterations_per_epoch: int, target: float) -> float:
        begin = self.warmup_epochs * iterations_per_epoch
        length = self.ramp_epochs * iterations_per_epoch
        if self.steps is None:
            return cosine_keep_ratio(
                iteration, begin=begin, end=begin + length, target=target
            )
        # In whole numbers: one ratio for all iterations between two falls.
        falls = (iteration - begin) * self.steps // length
        return cosine_keep_ratio(falls, begin=0, end=self.steps, target=target)

    def _restore(self) -> None:
        for module, target in self._targets:
            module.set_keep_ratio(target)

    def before_val(self, runner: Runner) -> None:
        """Validate at the target."""
        self._restore()

    def before_test(self, runner: Runner) -> None:
        """Test at the target."""
        self._restore()

    def before_save_checkpoint(self, runner: Runner, checkpoint: Dict) -> None:
        """Save at the target."""
        self._restore()

    def after_train(self, runner: Runner) -> None:
        """Leave the model at the target."""
        self._restore()
