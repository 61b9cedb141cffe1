"""Errors of the 3D poses that the 2D predictions of several views lead to."""

import sys
from typing import Any, Dict, List, Optional, Sequence, Union

import numpy as np
from mmengine.evaluator import BaseMetric
from mmpose.registry import METRICS

from ...geometry import METHODS
from ..joint_names import joint_names
from ..pose_3d_errors import MASKS, MODES, pose_3d_errors
from ..takes import SkippedTakes, Take
from ..view_groups import View, grouped, triangulated

NAMES = dict(zip(MODES, ('MPJPE', 'ROOT-MPJPE', 'P-MPJPE', 'PCK3D')))


@METRICS.register_module()
class MultiViewMPJPE(BaseMetric):
    """Triangulates the 2D predictions of each instant, and compares with 3D labels.

    For any 2D model on a dataset whose samples tell ``group_id``, ``view_id``,
    ``camera``, ``keypoints_3d_world`` and ``keypoints_3d_visible``. Views are joined by
    their ids; repeated ones count once; an instant that lacks views is triangulated
    from those it has.

    Args:
        mode: one of ``'mpjpe'``, ``'root'``, ``'p-mpjpe'``, ``'pck3d'`` or several, see
            `pose_3d_errors`.
        triangulation: ``'linear'`` uses all views alike, as the released code does;
            ``'weighted'`` by their scores; ``'robust'`` leaves out views that do not
            agree.
        mask: ``'visible'``, or ``'release'`` for the released code's.
        root: the joint, or the joints whose middle is the root, for ``'root'``. By
            default the joint that the dataset calls root or pelvis, else the middle
            of the hips.
        pck_threshold: mm, for ``'pck3d'``.
        skip_takes: ``(subject, action, subaction)`` of samples to leave out, or
            ``'damaged'`` for the three of Human3.6M whose labels are wrong. Samples
            then need ``subject``, ``action`` and ``subaction``.
        collect_device: as in MMEngine.
        prefix: of the names of the results.
        collect_dir: as in MMEngine.

    Raises:
        ValueError: for an argument that is none of these.
    """

    default_prefix = 'pose_3d'

    def __init__(
        self,
        mode: Union[str, Sequence[str]] = 'mpjpe',
        *,
        triangulation: str = 'linear',
        mask: str = 'visible',
        root: Union[int, Sequence[int], None] = None,
        pck_threshold: float = 150.0,
        skip_takes: Union[str, Sequence[Take]] = (),
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
        collect_dir: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        self.modes = [mode] if isinstance(mode, str) else list(mode)
        allowed = dict(mode=MODES, triangulation=METHODS, mask=MASKS)
        given = dict(mode=self.modes, triangulation=[triangulation], mask=[mask])
        for name, values in given.items():
            for value in values:
                if value not in allowed[name]:
                    raise ValueError(
                        f'{name}: expected one of {allowed[name]}, got {value!r}'
                    )
        self.triangulation = triangulation
        self.mask = mask
        self.root = [root] if isinstance(root, int) else root
        self.pck_threshold = pck_threshold
        self.skip_takes = SkippedTakes(skip_takes)

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Store the views of a batch.

        Raises:
            ValueError: for a sample that lacks something.
        """
        self.results.extend(
            View.of_sample(sample)
            for sample in data_samples
            if not self.skip_takes.has(sample)
        )

    def evaluate(self, size: int) -> dict:
        """Compute the metrics from the views of all processes.

        MMEngine cuts the collected results to ``size``, which is right only where
        repeated samples come last. Here they are known by their ids: nothing is cut.

        Args:
            size: samples of the dataset.
        """
        return super().evaluate(sys.maxsize)

    def compute_metrics(self, results: List[View]) -> Dict[str, float]:
        """The metrics, in mm or as a ratio.

        For each mode its mean, ``NAME_JOINT`` of each joint and ``NAME_action_ACTION``
        of each action that samples tell; ``found``, the ratio of labelled joints that
        could be triangulated; ``instants``, their number.

        Raises:
            ValueError: if there is no view at all.
        """
        if not results:
            raise ValueError(
                'MultiViewMPJPE: expected samples, got none'
                + (' but those of skip_takes' if self.skip_takes else '')
            )
        groups = grouped(results)
        points, found = triangulated(groups, method=self.triangulation)
        visible = np.stack([views[0].visible for views in groups])
        names = joint_names(self.dataset_meta, points.shape[1])
        metrics: Dict[str, float] = {}
        for mode in self.modes:
            errors = pose_3d_errors(
                points,
                np.stack([views[0].label for views in groups]),
                found=found,
                visible=visible,
                mode=mode,
                mask=self.mask,
                root=self._roots(names) if mode == 'root' else (),
                pck_threshold=self.pck_threshold,
                actions=[views[0].action for views in groups],
            )
            title = NAMES[mode]
            metrics[title] = errors.overall
            for action, error in errors.by_action.items():
                metrics[f'{title}_action_{action}'] = error
            for joint, error in zip(names, errors.by_joint):
                metrics[f'{title}_{joint}'] = float(error)
        labelled = visible.sum()
        metrics['found'] = float((found & visible).sum() / max(labelled, 1))
        metrics['instants'] = float(len(groups))
        return metrics

    def _roots(self, names: Sequence[str]) -> Sequence[int]:
        if self.root is not None:
            return self.root
        for roots in (['root'], ['pelvis'], ['left_hip', 'right_hip']):
            if all(root in names for root in roots):
                return [names.index(root) for root in roots]
        raise ValueError(
            "root: expected a joint's number, because the dataset has no joint of the "
            f'name root, pelvis, left_hip and right_hip, but {", ".join(names)}'
        )
