"""Errors of the poses of a sequence against their labels, a number for each frame."""

from typing import Optional

import numpy as np
from mmpose.evaluation.functional.mesh_eval import compute_similarity_transform
from numpy.typing import NDArray

MODES = ('mpjpe', 'p-mpjpe', 'n-mpjpe', 'mpjve')
MM = 1000.0
# Fewer points do not fix a similarity.
_FEWEST_POINTS = 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def frame_errors(
    predicted: Floats,
    truth: Floats,
    visible: Flags,
    *,
    frames: NDArray[np.int64],
    mode: str = 'mpjpe',
    root_index: Optional[int] = 0,
) -> Floats:
    """The mean over visible joints, of each of F poses.

    Args:
        predicted: ``(F, J, 3)``, m.
        truth: ``(F, J, 3)``, m.
        visible: ``(F, J)``, whether a joint has a label.
        frames: ``(F,)``, numbers of the frames; ``'mpjve'`` compares those that follow
            each other.
        mode: ``'mpjpe'``: distance, mm; ``'p-mpjpe'``: after the similarity (scale,
            rotation, translation) that fits best, for each frame, as MMPose's; mm;
            ``'n-mpjpe'``: after the scale that fits best, for each frame, mm;
            ``'mpjve'``: distance of the step from the frame before to that of the
            label, mm a frame.
        root_index: joint that is moved to the origin first, on both sides; None
            compares poses where they are.

    Returns:
        ``(F,)``; NaN where there is nothing to compare: no visible joint, for
        ``'p-mpjpe'`` fewer than three of them, for ``'mpjve'`` no frame before.

    Raises:
        ValueError: for another mode, or a root that is none of the joints.
    """
    if mode not in MODES:
        raise ValueError(f'mode: expected one of {MODES}, got {mode!r}')
    if root_index is not None:
        joints = truth.shape[1]
        if not 0 <= root_index < joints:
            raise ValueError(
                f'root_index: expected 0 to {joints - 1}, the joints of a pose, or '
                f'None, got {root_index}'
            )
        predicted = predicted - predicted[:, root_index, None]
        truth = truth - truth[:, root_index, None]
    if mode == 'mpjve':
        return _step_errors(predicted, truth, visible, frames)
    if mode == 'n-mpjpe':
        predicted = _scaled(predicted, truth, visible)
    elif mode == 'p-mpjpe':
        visible = visible & (visible.sum(1, keepdims=True) >= _FEWEST_POINTS)
        predicted = _fitted(predicted, truth, visible)
    return _mean_distance(predicted, truth, visible)


def _mean_distance(predicted: Floats, truth: Floats, visible: Flags) -> Floats:
    distances = MM * np.linalg.norm(predicted - truth, axis=-1)
    with np.errstate(invalid='ignore'):
        return np.where(visible, distances, 0).sum(1) / visible.sum(1)


def _scaled(predicted: Floats, truth: Floats, visible: Flags) -> Floats:
    known = np.where(visible[..., None], predicted, 0)
    squares = np.einsum('fjc,fjc->f', known, known)
    products = np.einsum('fjc,fjc->f', known, truth)
    # A pose in one point stays one, whatever the scale.
    scale = np.divide(products, squares, out=np.ones_like(squares), where=squares > 0)
    return predicted * scale[:, None, None]


def _fitted(predicted: Floats, truth: Floats, visible: Flags) -> Floats:
    fitted = predicted.copy()
    for frame in np.flatnonzero(visible.any(1)):
        known = visible[frame]
        source, target = predicted[frame, known], truth[frame, known]
        if np.ptp(source, axis=0).any():
            fitted[frame, known] = compute_similarity_transform(source, target)
        else:
            # All joints in one point have no scale; the middle is as near as they get.
            fitted[frame, known] = target.mean(axis=0)
    return fitted


def _step_errors(
    predicted: Floats, truth: Floats, visible: Flags, frames: NDArray[np.int64]
) -> Floats:
    errors = np.full(len(predicted), np.nan)
    both = visible[1:] & visible[:-1] & (np.diff(frames) == 1)[:, None]
    steps, wanted = np.diff(predicted, axis=0), np.diff(truth, axis=0)
    errors[1:] = _mean_distance(steps, wanted, both)
    return errors
