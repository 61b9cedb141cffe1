"""MPJPE of lifted sequences, as the papers on Human3.6M report it."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple, Union

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from mmpose.registry import METRICS
from numpy.typing import NDArray

from ppt_mmpose.config_values import whole_number, yes_or_no

from ..lifted_windows import LiftedWindow, video_and_action
from ..sequence_errors import MODES, frame_errors

AGGREGATES = ('actions', 'frames')


@dataclass(frozen=True, eq=False)
class WindowErrors:
    """What a window adds to the metrics.

    Attributes:
        video: such as ``'S1_Walking_1'``.
        action: None for a window that is left out.
        errors: of each mode ``(F,)``, NaN for frames that do not count.
        parts: which frames belong to a part, ``(F,)`` each.
    """

    video: str
    action: Optional[str] = None
    errors: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    parts: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)


@METRICS.register_module()
class SequenceMPJPE(BaseMetric):
    """Mean over actions of the mean over the frames of an action, in mm.

    MMPose's ``MPJPE`` averages over all frames, so that long actions weigh more, and
    its unit is that of the labels, m. A window of T frames may have predictions of some
    of them, see `process`. A frame that several windows predict counts once for each.
    The released code sets predicted roots to zero in tests; from a head that does so,
    moving them to the origin changes nothing.

    Args:
        mode: one or several of ``'mpjpe'``, ``'p-mpjpe'``, ``'n-mpjpe'`` and
            ``'mpjve'``, see `ppt_mmpose.evaluation.sequence_errors.frame_errors`.
        root_index: joint that is moved to the origin on both sides before poses are
            compared, whatever was added to a prediction; None compares poses where
            they are.
        aggregate: ``'actions'``, or ``'frames'``: all frames weigh the same.
        count_padding: whether the frames count that stand in for those beyond the ends
            of a video, as in the released code; False needs ``padded`` in the samples.
        skip_list: videos to leave out, by subject and action as the names of their
            images begin, such as ``'S9_SittingDown_2'``. A warning tells of those that
            there are none of.
        collect_device: as in MMEngine.
        prefix: of the names of the results.
        collect_dir: as in MMEngine.

    Raises:
        ValueError: for an argument that is none of these.
    """

    def __init__(
        self,
        mode: Union[str, Sequence[str]] = 'mpjpe',
        *,
        root_index: Optional[int] = 0,
        aggregate: str = 'actions',
        count_padding: bool = True,
        skip_list: Sequence[str] = (),
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
        collect_dir: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        modes: Any = mode
        self.modes = list(modes) if isinstance(modes, (list, tuple)) else [modes]
        for name, values, allowed in (
            ('mode', self.modes, MODES),
            ('aggregate', [aggregate], AGGREGATES),
        ):
            if not values or any(value not in allowed for value in values):
                raise ValueError(f'{name}: expected of {allowed}, got {values}')
        if root_index is not None:
            whole_number('root_index', root_index, least=0)
        self.root_index = root_index
        self.aggregate = aggregate
        self.count_padding = yes_or_no('count_padding', count_padding)
        self.skip_list = _names('skip_list', skip_list)

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Compare the windows of a batch.

        Args:
            data_batch: not used.
            data_samples: with ``target_img_path``, names of the frames, such as
                ``S1_Walking_1.C1_000001.jpg``; ``gt_instances.lifting_target`` (T, J,
                3), m, and ``lifting_target_visible`` (T, J);
                ``pred_instances.keypoints`` (F, J, 3) or (1, F, J, 3), m. Optional:
                ``pred_instances.frames`` (F,), which frames of the window the
                predictions are of, where they are not all; ``frame_kept`` (F,), whether
                pruning kept the frame; ``padded`` (T,), whether the frame stands in
                for one beyond the video.

        Raises:
            ValueError: naming the sample, and what is wrong with it.
        """
        self.results.extend(self._compared(sample) for sample in data_samples)

    def _compared(self, sample: Mapping[str, Any]) -> WindowErrors:
        video, action = video_and_action(sample)
        if video in self.skip_list:
            # MMEngine counts results, so that there must be one.
            return WindowErrors(video)
        window = LiftedWindow.of_sample(sample)
        errors = {
            mode: frame_errors(
                window.predicted,
                window.truth,
                window.visible,
                frames=window.frames,
                mode=mode,
                root_index=self.root_index,
            )
            for mode in self.modes
        }
        if not self.count_padding:
            padded = window.known_padding()
            # A step counts where both of its frames do.
            step = padded | np.concatenate((padded[:1], padded[:-1]))
            for mode, values in errors.items():
                values[step if mode == 'mpjve' else padded] = np.nan
        parts = {}
        if window.kept is not None:
            parts = dict(kept=window.kept, pruned=~window.kept, centre=window.centre)
        return WindowErrors(video, action, errors, parts)

    def compute_metrics(self, results: List[WindowErrors]) -> Dict[str, float]:
        """The metrics, in mm; MPJVE in mm a frame.

        For each mode ``MPJPE`` or the like, ``MPJPE_ACTION`` of each action, and, where
        samples tell which frames were kept, ``MPJPE_kept``, ``MPJPE_pruned`` and
        ``MPJPE_centre``, of those there are. The centre of T frames is number T // 2.

        Raises:
            ValueError: if there is nothing to average.
        """
        unmet = self.skip_list - {window.video for window in results}
        if unmet:
            MMLogger.get_current_instance().warning(
                'SequenceMPJPE: skip_list: expected videos of the %d windows, there '
                'are none of %s',
                len(results),
                ', '.join(sorted(unmet)),
            )
        windows = [window for window in results if window.action is not None]
        metrics: Dict[str, float] = {}
        for mode in self.modes:
            by_action, overall = self._means(windows, mode)
            if overall is None:
                raise ValueError(
                    f'SequenceMPJPE: {mode}: expected frames to compare, got none in '
                    f'{len(windows)} windows, {len(results) - len(windows)} more are '
                    'in skip_list'
                )
            metrics[mode.upper()] = overall
            for action, mean in by_action.items():
                metrics[f'{mode.upper()}_{action}'] = mean
            for part in ('kept', 'pruned', 'centre'):
                _, overall = self._means(windows, mode, part)
                if overall is not None:
                    metrics[f'{mode.upper()}_{part}'] = overall
        return metrics

    def _means(
        self, windows: Sequence[WindowErrors], mode: str, part: Optional[str] = None
    ) -> Tuple[Dict[str, float], Optional[float]]:
        """Of each action, and of all; None where there is none."""
        by_action: Dict[str, List[NDArray[np.float64]]] = {}
        for window in windows:
            values = window.errors[mode]
            if part is not None:
                values = values[window.parts.get(part, np.zeros(len(values), bool))]
            known = values[~np.isnan(values)]
            if len(known):
                by_action.setdefault(str(window.action), []).append(known)
        values_of = {
            name: np.concatenate(by_action[name]) for name in sorted(by_action)
        }
        means = {name: float(values.mean()) for name, values in values_of.items()}
        if not means:
            return means, None
        if self.aggregate == 'frames':
            return means, float(np.concatenate(list(values_of.values())).mean())
        return means, float(np.mean(list(means.values())))


def _names(argument: str, given: Any) -> Set[str]:
    listed = isinstance(given, (list, tuple, set, frozenset))
    if not listed or not all(isinstance(name, str) for name in given):
        raise ValueError(f'{argument}: expected a list of names, got {given!r}')
    return set(given)
