"""A box as a person types it."""

import re
from typing import Optional, Tuple

import numpy as np


def typed_box(text: str, size: Tuple[int, int]) -> Optional[np.ndarray]:
    """Read ``left, top, right, bottom``.

    Args:
        text: four numbers, px, with commas or spaces between them; or nothing.
        size: of the image, ``(width, height)``.

    Returns:
        ``(1, 4)``, px; None for nothing.

    Raises:
        ValueError: if it is no such box, or lies outside the image.
    """
    words = [word for word in re.split(r'[\s,;]+', text.strip()) if word]
    if not words:
        return None
    try:
        box = np.array([[float(word) for word in words]], np.float32)
    except ValueError:
        box = np.zeros((1, 0), np.float32)
    fits = box.shape == (1, 4) and bool(np.isfinite(box).all())
    if not fits or not (box[0, :2] < box[0, 2:]).all():
        raise ValueError(
            'box: expected left, top, right, bottom with left < right and top < '
            f'bottom, px, got {text.strip()!r}'
        )
    if (box[0, 2:] <= 0).any() or (box[0, :2] >= size).any():
        raise ValueError(
            f'box: expected one in the image of {size[0]}x{size[1]} px, got '
            f'{text.strip()!r}'
        )
    return box
