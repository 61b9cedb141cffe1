"""What the model sees, while it is trained and evaluated."""

from contextlib import ExitStack
from typing import Any, Dict, Iterator, Optional, Sequence, Tuple, cast

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

from ppt_mmpose.visualization.figures import (
    Drawing,
    checked_figures,
    draw_figures,
    needed_records,
)
from ppt_mmpose.visualization.instant_figures import draw_instant, instant_name
from ppt_mmpose.visualization.recording import find_token_estimator, record_tokens
from ppt_mmpose.visualization.token_pass import TokenPass, TokenRecord

PICTURES = ('kept', 'heatmaps', 'attention', 'inner', 'keypoints')


@HOOKS.register_module()
class TokenVisualizationHook(Hook):
    """Hand pictures of tokens to the visualizer, and so to all its backends.

    They are of a run that takes place anyway, in whatever mode it does: the model runs
    no other time, but its head for heatmaps, and its results and gradients are what
    they are without the hook.
    They are called ``train_tokens_kept``, ``val_tokens_attention`` and so on; of
    second and later samples, with their number behind. Of a model that takes several
    views together they are of instants, and in validation and test the name of the
    instant is behind: ``val_tokens_kept_val_000004``.

    Args:
        enable: whether to draw at all; nothing is done where not.
        interval: draw in the first of every so many iterations of training, and
            batches of validation and test.
        samples: draw the first so many of a batch; of instants where views are fused.
        figures: ``kept``, ``heatmaps``, ``attention``, ``inner``, ``keypoints``.
        keypoints: names of those in the attention maps and heatmaps; six of them when
            None.

    Raises:
        ValueError: for values out of range and unknown names; before running, if the
            model has no tokens.
    """

    priority = 'LOW'

    def __init__(
        self,
        enable: bool = True,
        *,
        interval: int = 500,
        samples: int = 1,
        figures: Sequence[str] = ('kept', 'attention'),
        keypoints: Optional[Sequence[str]] = None,
    ) -> None:
        for name, value in dict(interval=interval, samples=samples).items():
            if value < 1:
                raise ValueError(f'{name}: expected 1 or more, got {value}')
        self.figures = checked_figures(figures)
        if not set(self.figures) <= set(PICTURES):
            raise ValueError(
                f'figures: expected pictures, of {", ".join(PICTURES)}, got {figures}'
            )
        self.enable = enable
        self.interval = interval
        self.samples = samples
        self.keypoints = keypoints
        self._recording = ExitStack()
        self._record: Optional[TokenRecord] = None

    def before_run(self, runner: Runner) -> None:
        """Refuse a model without tokens at once."""
        if self.enable:
            find_token_estimator(runner.model)

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: object = None
    ) -> None:
        """Begin to record."""
        self._begin(runner, runner.iter)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        """Draw."""
        samples = (data_batch or {}).get('data_samples', ())
        self._draw(runner, 'train', runner.iter, runner.train_dataloader, samples)

    def before_val_iter(
        self, runner: Runner, batch_idx: int, data_batch: object = None
    ) -> None:
        """Begin to record."""
        self._begin(runner, batch_idx)

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Optional[Sequence] = None,
    ) -> None:
        """Draw, with what was predicted."""
        # The steps of one validation must not be those of another.
        step = runner.iter + batch_idx
        self._draw(runner, 'val', step, runner.val_dataloader, outputs)

    def before_test_iter(
        self, runner: Runner, batch_idx: int, data_batch: object = None
    ) -> None:
        """Begin to record."""
        self._begin(runner, batch_idx)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Optional[Sequence] = None,
    ) -> None:
        """Draw, with what was predicted."""
        self._draw(runner, 'test', batch_idx, runner.test_dataloader, outputs)

    def _begin(self, runner: Runner, step: int) -> None:
        # The run before may have ended in an error that somebody caught.
        self._recording.close()
        self._record = None
        if self.enable and step % self.interval == 0 and is_main_process():
            self._record = self._recording.enter_context(
                record_tokens(
                    runner.model, limit=self.samples, **needed_records(self.figures)
                )
            )

    def _draw(
        self,
        runner: Runner,
        mode: str,
        step: int,
        dataloader: Any,
        samples: Optional[Sequence] = None,
    ) -> None:
        self._recording.close()
        record, self._record = self._record, None
        if record is None:
            return
        if not record.passes:
            runner.logger.warning(
                'TokenVisualizationHook: nothing to draw, because a compiled model '
                'does not run hooks'
            )
            return
        shared: Dict[str, Any] = dict(
            preprocessor=find_token_estimator(runner.model).data_preprocessor,
            dataset_meta=getattr(dataloader.dataset, 'metainfo', {}),
            keypoints=self.keypoints,
        )
        one = record.unflipped
        draw = self._people if one.views is None else self._instants
        for behind, drawings in draw(one, samples or (), mode, shared):
            for name, picture in drawings.items():
                # A slash in the name would be a folder that no backend makes.
                runner.visualizer.add_image(
                    f'{mode}_tokens_{name}{behind}', picture, step
                )

    def _people(
        self, one: TokenPass, samples: Sequence, mode: str, shared: Dict[str, Any]
    ) -> Iterator[Tuple[str, Dict[str, Drawing]]]:
        for number in range(len(one.images)):
            person = samples[number] if samples and mode != 'train' else None
            drawings = draw_figures(
                one, self.figures, sample=number, prediction=person, **shared
            )
            yield _number_behind(number), drawings

    def _instants(
        self, one: TokenPass, samples: Sequence, mode: str, shared: Dict[str, Any]
    ) -> Iterator[Tuple[str, Dict[str, Drawing]]]:
        for number, views in enumerate(cast(Tensor, one.views)):
            drawings = draw_instant(
                one, self.figures, samples, instant=number, **shared
            )
            # In training they are others each time, and a name for each would be many.
            behind = _number_behind(number)
            if mode != 'train':
                behind = f'_{instant_name(samples[int(views.max())])}'
            yield behind, drawings


def _number_behind(number: int) -> str:
    return f'_{number}' if number else ''
