"""One person in every view: which of those that were found."""

from typing import List, Optional, Sequence

import numpy as np
import torch
from torchvision.ops import box_iou


def the_expected(boxes: np.ndarray, expected: Optional[np.ndarray]) -> Optional[int]:
    """Which of the boxes of a view is the expected person.

    Args:
        boxes: ``(n, 4)``, px, of the people that were found.
        expected: ``(4,)``, px, where the person should be; None if that is not known.

    Returns:
        The one that overlaps most; without anything expected, the only one; None if
        there is none.
    """
    if len(boxes) == 0:
        return None
    if expected is None:
        return 0 if len(boxes) == 1 else None
    both = (torch.from_numpy(one).double() for one in (boxes, expected[None]))
    overlaps = box_iou(*both)[:, 0]
    best = int(overlaps.argmax())
    return best if overlaps[best] > 0 else None


def refuse_several(instant: str, names: Sequence[str], counts: Sequence[int]) -> None:
    """Refuse views with several people of whom none is known to be the one.

    Args:
        instant: its name.
        names: of the views.
        counts: people found in each.

    Raises:
        ValueError: naming the views.
    """
    several = [(name, count) for name, count in zip(names, counts) if count > 1]
    if several:
        found = ', '.join(f'{count} in {name}' for name, count in several)
        raise ValueError(
            f'instant {instant}: expected one person in each view, got {found}; give '
            'boxes, or track after an instant with a single person'
        )


def expected_boxes(
    pixels: np.ndarray,
    there: np.ndarray,
    sizes: Sequence[Optional[tuple]],
    padding: float,
) -> List[Optional[np.ndarray]]:
    """Boxes around the keypoints of a person in each view.

    Args:
        pixels: ``(V, J, 2)``, px, the projected keypoints.
        there: ``(V, J)``, bool: those that were found and lie in front of the camera.
        sizes: of the images, ``(width, height)``; None of a view without one.
        padding: the boxes' sides in those of the keypoints.

    Returns:
        For each view ``(4,)``, cut at the borders of the image; None where the person
        is outside.
    """
    boxes: List[Optional[np.ndarray]] = []
    for points, known, size in zip(pixels, there, sizes):
        if size is None or not known.any():
            boxes.append(None)
            continue
        low, high = points[known].min(0), points[known].max(0)
        middle, half = (low + high) / 2, padding * (high - low) / 2
        low = np.maximum(middle - half, 0)
        high = np.minimum(middle + half, size)
        inside = (high > low).all()
        boxes.append(np.concatenate([low, high]).astype(np.float32) if inside else None)
    return boxes
