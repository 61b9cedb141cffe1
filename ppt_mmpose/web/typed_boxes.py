"""Boxes as a person types them."""

import re
from typing import Optional, Tuple

import gradio as gr
import numpy as np

from .given_models import GivenModels


def box_field(models: GivenModels, label: str) -> gr.Textbox:
    """Where boxes are typed; it says what happens without any.

    Args:
        models: with a 2D model.
        label: which boxes they are.
    """
    estimator = models.estimator
    if not estimator.top_down:
        otherwise = 'this model finds people itself.'
    elif estimator.detects:
        otherwise = 'the detector finds people.'
    else:
        otherwise = 'one person fills the image.'
    return gr.Textbox(
        label=label,
        info='Left, top, right, bottom, px; semicolons between people. Left empty, '
        f'{otherwise}',
        placeholder='40, 10, 120, 118',
        interactive=estimator.top_down,
    )


def typed_boxes(
    text: str, size: Optional[Tuple[int, int]] = None
) -> Optional[np.ndarray]:
    """Read ``left, top, right, bottom`` of each person.

    Args:
        text: four numbers a person, px, with commas or spaces between them, and
            semicolons between people; or nothing.
        size: of the image, ``(width, height)``, where it is known.

    Returns:
        ``(n, 4)``, px; None for nothing.

    Raises:
        ValueError: if it is no such box, or lies outside the image.
    """
    typed = [part.strip() for part in re.split(r'[;\n]', text) if part.strip()]
    if not typed:
        return None
    return np.stack([_box(part, size) for part in typed])


def _box(text: str, size: Optional[Tuple[int, int]]) -> np.ndarray:
    try:
        words = [word for word in re.split(r'[\s,]+', text) if word]
        box = np.array([float(word) for word in words], np.float32)
    except ValueError:
        box = np.zeros(0, np.float32)
    fits = box.shape == (4,) and bool(np.isfinite(box).all())
    if not fits or not (box[:2] < box[2:]).all():
        raise ValueError(
            'box: expected left, top, right, bottom with left < right and top < '
            f'bottom, px, got {text!r}'
        )
    if size is not None and ((box[2:] <= 0).any() or (box[:2] >= size).any()):
        raise ValueError(
            f'box: expected one in the image of {size[0]}x{size[1]} px, got {text!r}'
        )
    return box
