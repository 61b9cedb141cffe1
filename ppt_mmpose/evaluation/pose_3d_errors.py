"""Errors of 3D poses against their labels, wherever the poses come from."""

from typing import Dict, Hashable, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from mmpose.evaluation.functional.mesh_eval import compute_similarity_transform
from numpy.typing import NDArray

MODES = ('mpjpe', 'root', 'p-mpjpe', 'pck3d')
MASKS = ('visible', 'release')
MM = 1000.0
# mm. Labels may be float32, which is 5e-4 mm at 8 m, and a joint at the bound counts.
_ROUNDING = 1e-3
# Fewer points do not fix a similarity.
_FEWEST_POINTS = 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Pose3DErrors(NamedTuple):
    """Means; NaN where there is nothing to average.

    Attributes:
        overall: over poses; each counts the same, however many joints it has.
        by_action: over the poses of each action.
        by_joint: ``(J,)``, over poses.
    """

    overall: float
    by_action: Dict[Hashable, float]
    by_joint: Floats


def pose_3d_errors(
    predicted: Floats,
    truth: Floats,
    *,
    found: Flags,
    visible: Flags,
    mode: str = 'mpjpe',
    mask: str = 'visible',
    root: Sequence[int] = (0,),
    pck_threshold: float = 150.0,
    actions: Optional[Sequence[Optional[Hashable]]] = None,
) -> Pose3DErrors:
    """Compare N poses with their labels.

    Args:
        predicted: ``(N, J, 3)``, m.
        truth: ``(N, J, 3)``, m.
        found: ``(N, J)``, whether a predicted joint is one. Others are left out of
            errors in mm, and are misses in ``'pck3d'``.
        visible: ``(N, J)``, whether a joint has a label.
        mode: ``'mpjpe'``: distance in the world, mm; ``'root'``: after both roots are
            moved to the origin, mm; ``'p-mpjpe'``: after the similarity (scale,
            rotation, translation) that fits best, mm; ``'pck3d'``: ratio of joints
            within a distance in the world. A pose that cannot be aligned, for want of
            its root or of three joints, is left out.
        mask: ``'visible'``: joints with a label count; ``'release'``: the others count,
            too, without error, because the released code multiplies both poses by the
            visibility.
        root: joints whose middle is the root.
        pck_threshold: a joint is correct up to this distance, mm.
        actions: one of each pose, or None for a pose of no action.

    Raises:
        ValueError: for an unknown mode or mask, or shapes that differ.
    """
    if mode not in MODES:
        raise ValueError(f'mode: expected one of {MODES}, got {mode!r}')
    if mask not in MASKS:
        raise ValueError(f'mask: expected one of {MASKS}, got {mask!r}')
    _check_shapes(predicted, truth=truth, found=found, visible=visible)
    known = found & visible
    aligned, possible = _aligned(predicted, truth, known, mode, root)
    values = MM * np.linalg.norm(aligned - truth, axis=-1)
    counts = known & possible[:, None]
    if mode == 'pck3d':
        values = ((values <= pck_threshold + _ROUNDING) & found).astype(np.float64)
        counts = visible
    values = np.where(counts, values, np.nan)
    if mask == 'release':
        values[~visible & possible[:, None]] = 1.0 if mode == 'pck3d' else 0.0
    of_pose = _mean(values, axis=1)
    actions = actions or ()
    by_action = {
        action: float(_mean(of_pose[[given == action for given in actions]]))
        for action in dict.fromkeys(actions)
        if action is not None
    }
    return Pose3DErrors(float(_mean(of_pose)), by_action, _mean(values, axis=0))


def _check_shapes(predicted: Floats, **others: NDArray) -> None:
    for name, value in others.items():
        expected = predicted.shape if name == 'truth' else predicted.shape[:-1]
        if value.shape != expected:
            raise ValueError(
                f'{name}: expected the shape {expected} for predicted poses of shape '
                f'{predicted.shape}, got {value.shape}'
            )


def _aligned(
    predicted: Floats, truth: Floats, known: Flags, mode: str, root: Sequence[int]
) -> Tuple[Floats, Flags]:
    """The predicted poses, moved to the true ones, and which of them could be."""
    if mode == 'root':
        roots = list(root)
        shift = (truth - predicted)[:, roots].mean(axis=1, keepdims=True)
        return predicted + shift, known[:, roots].all(axis=1)
    if mode != 'p-mpjpe':
        return predicted, np.ones(len(predicted), bool)
    possible = known.sum(axis=1) >= _FEWEST_POINTS
    aligned = predicted.copy()
    for pose in np.flatnonzero(possible):
        of_pose = known[pose]
        source, target = predicted[pose, of_pose], truth[pose, of_pose]
        if np.ptp(source, axis=0).any():
            aligned[pose, of_pose] = compute_similarity_transform(source, target)
        else:
            # All joints in one point have no scale; the middle is as near as they get.
            aligned[pose, of_pose] = target.mean(axis=0)
    return aligned, possible


def _mean(values: Floats, axis: Optional[int] = None) -> Floats:
    """Of those that are numbers; NaN where none is."""
    with np.errstate(invalid='ignore'):
        return np.nansum(values, axis) / np.isfinite(values).sum(axis)
