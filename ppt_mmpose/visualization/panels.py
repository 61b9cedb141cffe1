"""Pictures side by side, each with a line of text below."""

from typing import Sequence, Tuple

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

Panel = Tuple[np.ndarray, str]
GAP = 8
MARGIN = 12
WHITE = 255
INK = (32, 32, 32)


def grid_of_panels(
    rows: Sequence[Sequence[Panel]], *, font_size: int = 16, title: str = ''
) -> np.ndarray:
    """Arrange pictures of one size.

    Args:
        rows: pictures ``(height, width, 3)``, uint8, RGB, all of one size, each with
            its caption.
        font_size: height of the captions, px.
        title: a line above everything.

    Returns:
        ``(height, width, 3)``, uint8, RGB, on white. The picture in row r and column
        c begins at ``panel_corner(r, c, ...)``.
    """
    height, width = rows[0][0][0].shape[:2]
    columns = max(len(row) for row in rows)
    top, left = panel_corner(len(rows), columns, (height, width), font_size, title)
    canvas = np.full((top, left - GAP + MARGIN, 3), WHITE, np.uint8)
    captions = []
    for r, row in enumerate(rows):
        for c, (picture, caption) in enumerate(row):
            y, x = panel_corner(r, c, (height, width), font_size, title)
            canvas[y : y + height, x : x + width] = picture
            captions.append((x + width / 2, y + height + 0.8 * font_size, caption))
    pillow = Pillow.fromarray(canvas)
    draw = ImageDraw.Draw(pillow)
    for middle, below, text in captions:
        font = _fitting_font(draw, text, font_size, width)
        draw.text((middle, below), text, fill=INK, font=font, anchor='mm')
    if title:
        draw.text(
            (MARGIN, MARGIN), title, fill=INK, font=_font(1.2 * font_size), anchor='la'
        )
    return np.asarray(pillow)


def panel_corner(
    row: int, column: int, size: Tuple[int, int], font_size: int = 16, title: str = ''
) -> Tuple[int, int]:
    """First row and column, px, of a picture on the canvas.

    Args:
        row: 0-based, from the top.
        column: 0-based, from the left.
        size: height and width of every picture, px.
        font_size: as in :func:`grid_of_panels`.
        title: as in :func:`grid_of_panels`.
    """
    head = MARGIN + (2 * font_size if title else 0)
    caption = round(1.6 * font_size)
    return head + row * (size[0] + caption + GAP), MARGIN + column * (size[1] + GAP)


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)  # type: ignore[return-value]


def _fitting_font(
    draw: ImageDraw.ImageDraw, text: str, size: float, width: int
) -> ImageFont.FreeTypeFont:
    font = _font(size)
    # Step by step: letters lie on whole pixels, so small ones are wider than in
    # proportion.
    while draw.textlength(text, font=font) > width and size > 1:
        size -= 1
        font = _font(size)
    return font
