"""Whether an exported graph does what PyTorch does, on images."""

from dataclasses import dataclass
from typing import Any, List, Mapping, Tuple

import numpy as np
import torch
from mmpose.models.pose_estimators import TopdownPoseEstimator
from numpy.typing import NDArray
from torch import Tensor

from ppt_mmpose.tokens import Pruning

from .check_images import CheckImages

HEATMAPS = 1e-5  # of the largest value
KEYPOINTS = 0.01  # px of the input image
# A keypoint that this much noise in its heatmap (of the largest value) moves by half
# of what is allowed is not one that PyTorch itself knows so exactly: on a heatmap
# without a peak, DARK divides by what is hardly there.
NOISE = 2e-6
DRAWS = 4

Array = NDArray[Any]


class ParityError(RuntimeError):
    """An exported graph that does not do what PyTorch does."""


@dataclass(frozen=True)
class Parity:
    """How an exported graph compares with PyTorch.

    Attributes:
        images: how many were compared.
        kept_sets: how many sets of kept patches were compared; all are equal.
        heatmaps: largest difference over the largest value.
        keypoints: largest difference, px of the input image.
        compared: keypoints that were compared.
        undetermined: keypoints left out, which rounding alone moves in PyTorch, too.
    """

    images: int
    kept_sets: int
    heatmaps: float
    keypoints: float
    compared: int
    undetermined: int


def check_parity(
    model: TopdownPoseEstimator, images: CheckImages, found: Mapping[str, Array]
) -> Parity:
    """Compare with the model as it was loaded, without flip test.

    Args:
        model: on the CPU, in evaluation mode, at the keep ratio of the graph.
        images: B of them.
        found: by name, what the graph gives for them: ``heatmaps``, ``kept_*`` for
            each pruning, and ``keypoints`` and ``scores`` where it decodes.

    Raises:
        ParityError: naming the image and what differs.
    """
    with torch.inference_mode():
        out = model.neck.encode(model.backbone(images.inputs)[-1])
        expected = model.head(model.neck.keypoint_features(out)).numpy()
    for pruning in out.prunings:
        _check_kept(pruning, found[f'kept_{pruning.block}'], images.names)
    heatmaps = _check_heatmaps(expected, found['heatmaps'], images.names)
    keypoints, scores = decoded_by_mmpose(model, expected)
    if 'keypoints' in found:
        theirs, their_scores = found['keypoints'], found['scores']
        _check_scores(scores, their_scores, images.names)
    else:
        theirs, _ = decoded_by_mmpose(model, found['heatmaps'])
    known = _determined(model, expected, keypoints)
    apart = np.where(known, np.abs(theirs - keypoints).max(-1), 0)
    _refuse_apart(apart, images.names)
    return Parity(
        images=len(expected),
        kept_sets=len(out.prunings) * len(expected),
        heatmaps=heatmaps,
        keypoints=float(apart.max()),
        compared=int(known.sum()),
        undetermined=int((~known).sum()),
    )


def decoded_by_mmpose(
    model: TopdownPoseEstimator, heatmaps: Array
) -> Tuple[Array, Array]:
    """Keypoints ``(B, J, 2)`` in px of the input, and scores, by the model's codec."""
    decoded = model.head.decode(torch.from_numpy(heatmaps))
    return (
        np.concatenate([one.keypoints for one in decoded]),
        np.concatenate([one.keypoint_scores for one in decoded]),
    )


def _check_kept(pruning: Pruning, found: Array, names: List[str]) -> None:
    expected = pruning.source.numpy()
    if found.shape != expected.shape:
        raise ParityError(
            f'block {pruning.block}: PyTorch keeps {expected.shape[1]} patches, the '
            f'exported graph {found.shape[1]}'
        )
    for name, ours, theirs, scores in zip(names, expected, found, pruning.scores):
        others = set(ours.tolist()) - set(theirs.tolist())
        if others:
            raise ParityError(
                f'{name}: in block {pruning.block} the exported graph keeps other '
                f'patches than PyTorch ({len(others)} of {len(ours)}); '
                f'{_at_the_cut(scores, len(ours))}'
            )


def _at_the_cut(scores: Tensor, count: int) -> str:
    last, first = scores.sort(descending=True).values[count - 1 : count + 1].tolist()
    return (
        f'the score of the last patch that stays is {last:.6g}, and {last - first:.1g} '
        'above that of the first that goes'
    )


def _check_heatmaps(expected: Array, found: Array, names: List[str]) -> float:
    apart = np.abs(found - expected).max((1, 2, 3)) / np.abs(expected).max()
    worst = int(apart.argmax())
    # Also what is not a number is refused.
    if not apart.max() <= HEATMAPS:
        raise ParityError(
            f'{names[worst]}: heatmaps differ by {apart[worst]:.2g} of the largest '
            f'value; expected at most {HEATMAPS:g}'
        )
    return float(apart[worst])


def _check_scores(expected: Array, found: Array, names: List[str]) -> None:
    apart = np.abs(found - expected).max(-1)
    if not apart.max() <= HEATMAPS * np.abs(expected).max():
        raise ParityError(
            f'{names[int(apart.argmax())]}: scores differ by {apart.max():.2g}'
        )


def _determined(
    model: TopdownPoseEstimator, heatmaps: Array, keypoints: Array
) -> NDArray[np.bool_]:
    """``(B, J)``: which keypoints noise of the size of rounding leaves in place."""
    rng = np.random.default_rng(0)
    moved = np.zeros(keypoints.shape[:2])
    size = NOISE * np.abs(heatmaps).max()
    for _ in range(DRAWS):
        noise = rng.uniform(-size, size, heatmaps.shape).astype(heatmaps.dtype)
        other, _ = decoded_by_mmpose(model, heatmaps + noise)
        moved = np.maximum(moved, np.abs(other - keypoints).max(-1))
    # Also what is not a number is left out.
    return moved <= KEYPOINTS / 2


def _refuse_apart(apart: Array, names: List[str]) -> None:
    if not apart.max() <= KEYPOINTS:
        image, keypoint = np.unravel_index(int(apart.argmax()), apart.shape)
        raise ParityError(
            f'{names[image]}: keypoint {keypoint} is {apart.max():.3g} px from where '
            f'PyTorch has it; expected at most {KEYPOINTS} px'
        )
