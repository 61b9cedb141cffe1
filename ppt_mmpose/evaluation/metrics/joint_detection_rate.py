"""The joint detection rate of multi-view PPT's tables, for any 2D model."""

from typing import Any, Dict, Optional, Sequence, Union

import numpy as np
from mmengine.evaluator import BaseMetric
from mmpose.registry import METRICS
from numpy.typing import NDArray

from ..joint_names import joint_names
from ..takes import SkippedTakes, Take

UNITS = ('px', 'bbox', 'head')
# Labels and predictions are float32; at the far end of an image of 4,000 px that is
# 2e-4 px, and a joint at the threshold counts.
_ROUNDING = 5e-4


@METRICS.register_module()
class JointDetectionRate(BaseMetric):
    """Share of joints that are found near their labels (JDR).

    The rate of each joint over all samples, and the mean of these rates. The defaults
    are those of the released code: half a tenth of 256 px, measured in the original
    image, and all joints, seen or not.
    A sample that comes twice counts twice: let no sampler repeat any.

    Args:
        threshold: a joint counts as found up to this distance; px, or a ratio.
        unit: of the threshold: ``'px'`` of the original image, ``'bbox'`` for the
            longer side of the person's box, ``'head'`` for the size of the head, where
            the dataset tells it.
        skip_takes: ``(subject, action, subaction)`` of samples to leave out, or
            ``'damaged'`` for the three of Human3.6M whose labels are wrong. Samples
            then need ``subject``, ``action`` and ``subaction``.
        visible_only: leave out joints that are labelled as not visible. Needed where
            such joints have no position, as in COCO.
        collect_device: as in MMEngine.
        prefix: of the names of the results.
        collect_dir: as in MMEngine.

    Raises:
        ValueError: for a threshold that is not above 0, or an unknown unit.
    """

    default_prefix = 'pose_2d'

    def __init__(
        self,
        threshold: float = 12.8,
        *,
        unit: str = 'px',
        visible_only: bool = False,
        skip_takes: Union[str, Sequence[Take]] = (),
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
        collect_dir: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        if not threshold > 0:
            raise ValueError(f'threshold: expected a number above 0, got {threshold}')
        if unit not in UNITS:
            raise ValueError(f'unit: expected one of {UNITS}, got {unit!r}')
        self.threshold = threshold
        self.unit = unit
        self.visible_only = visible_only
        self.skip_takes = SkippedTakes(skip_takes)

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Store which joints of each sample were found.

        Raises:
            ValueError: for predictions that do not pair with the labels, or a sample
                without the size that is the unit.
        """
        for sample in data_samples:
            if self.skip_takes.has(sample):
                continue
            label = sample['gt_instances']
            truth = np.asarray(label['keypoints'], np.float64)
            found = np.asarray(sample['pred_instances']['keypoints'], np.float64)
            if found.shape != truth.shape:
                raise ValueError(
                    'pred_instances.keypoints: expected the shape of the labels, '
                    f'{truth.shape}, got {found.shape}'
                )
            distance = np.linalg.norm(found - truth, axis=-1)
            bound = self.threshold * self._sizes(label) + _ROUNDING
            counted = np.ones_like(distance, bool)
            if self.visible_only:
                visible = np.asarray(label['keypoints_visible'])
                # Some codecs keep a weight beside the flag.
                counted = visible.reshape(*distance.shape, -1)[..., 0] > 0
            hidden = np.asarray(sample.get('keypoints_hidden', False), bool)
            self.results.append(
                dict(
                    found=distance <= bound,
                    counted=counted,
                    hidden=counted & hidden,
                    actions=[sample.get('action')] * len(distance),
                )
            )

    def _sizes(self, label: dict) -> NDArray[np.float64]:
        """How long the unit is, px: ``(persons, 1)``."""
        if self.unit == 'px':
            return np.ones((1, 1))
        field = dict(bbox='bboxes', head='head_size')[self.unit]
        if field not in label:
            raise ValueError(
                f'unit {self.unit!r}: expected {field} in gt_instances, got '
                f'{", ".join(label)}'
            )
        given = np.asarray(label[field], np.float64)
        if self.unit == 'head':
            return given.reshape(-1, 1)
        return (given[:, 2:] - given[:, :2]).max(axis=1, keepdims=True)

    def compute_metrics(self, results: list) -> Dict[str, float]:
        """``JDR``, the mean of the joints' rates, and ``JDR_JOINT`` of each joint.

        And ``JDR_action_ACTION`` of each action that samples tell, and ``JDR_hidden``
        of the joints that are hidden, where samples tell of any (``keypoints_hidden``).
        A joint that no sample counts has no rate, and is left out of the mean.

        Raises:
            ValueError: if there is no sample at all.
        """
        if not results:
            raise ValueError(
                'JointDetectionRate: expected samples, got none'
                + (' but those of skip_takes' if self.skip_takes else '')
            )
        found = np.concatenate([result['found'] for result in results])
        counted = np.concatenate([result['counted'] for result in results])
        names = joint_names(self.dataset_meta, found.shape[1])
        rates = _rates(found, counted)
        metrics = {'JDR': _mean(rates)}
        for name, rate in zip(names, rates):
            if np.isfinite(rate):
                metrics[f'JDR_{name}'] = float(rate)
        hidden = np.concatenate([result['hidden'] for result in results])
        if hidden.any():
            metrics['JDR_hidden'] = _mean(_rates(found, hidden))
        actions = [action for result in results for action in result['actions']]
        for action in dict.fromkeys(actions):
            if action is not None:
                chosen = [given == action for given in actions]
                rates = _rates(found[chosen], counted[chosen])
                metrics[f'JDR_action_{action}'] = _mean(rates)
        return metrics


def _rates(found: NDArray[np.bool_], counted: NDArray[np.bool_]) -> NDArray:
    """Of each joint ``(J,)``; NaN where none is counted."""
    with np.errstate(invalid='ignore'):
        return (found & counted).sum(axis=0) / counted.sum(axis=0)


def _mean(rates: NDArray) -> float:
    known = rates[np.isfinite(rates)]
    return float(known.mean()) if known.size else float('nan')
