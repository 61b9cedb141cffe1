"""How keypoints relate: learnt beforehand, and seen in a picture (TokenPose).

Figure 4: inner products of the keypoint tokens that enter the first layer, divided by
sqrt(C), with a softmax over each row; the paper says "at columns", and that each row
gives the relations of one keypoint. Figure 5: attention between keypoint tokens; of
several views, this is figure 8 of PPT.
"""

from typing import Optional, Sequence

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from ppt_mmpose.tokens import KeypointAttention

from .attention_maps import spread
from .crops import Image

COLOURS = 'viridis'
INCHES = 4.2
# Of many names, so that they are not one over another.
INCHES_OF_A_NAME = 0.14


def inner_products(tokens: Tensor) -> Tensor:
    """Relations that the model has learnt, whatever the picture.

    Args:
        tokens: ``(J, C)``, keypoint tokens that enter the first block.

    Returns:
        ``(J, J)``; rows sum to 1.
    """
    return (tokens @ tokens.T / tokens.shape[1] ** 0.5).softmax(dim=1)


def draw_inner_products(tokens: Tensor, names: Sequence[str]) -> Image:
    """Figure 4.

    Args:
        tokens: ``(J, C)``, keypoint tokens that enter the first block.
        names: of the J keypoints.
    """
    return _draw([inner_products(tokens).numpy()], ['learnt keypoint tokens'], names)


def draw_keypoint_attention(
    attention: Sequence[KeypointAttention],
    names: Sequence[str],
    *,
    sample: int = 0,
    of_a_view: Optional[int] = None,
) -> Image:
    """Figure 5: who attends (row) to whom (column); what is missing goes to patches.

    Args:
        attention: blocks of one run of the encoder; at most six are shown.
        names: of the J keypoints.
        sample: number of the crop in its batch.
        of_a_view: where the keypoints are those of several views, how many of them are
            of one; lines are drawn between views.
    """
    shown = [attention[index] for index in spread(len(attention))]
    matrices = [one.attention[sample, :, : len(names)].numpy() for one in shown]
    titles = [f'layer {one.block + 1}' for one in shown]
    step = of_a_view or len(names)
    return _draw(matrices, titles, names, range(step, len(names), step))


def _draw(
    matrices: Sequence[np.ndarray],
    titles: Sequence[str],
    names: Sequence[str],
    lines_before: Sequence[int] = (),
) -> Image:
    columns = min(3, len(matrices))
    rows = -(-len(matrices) // columns)
    inches = max(INCHES, INCHES_OF_A_NAME * len(names))
    size = ((inches + 0.8) * columns, (inches + 0.2) * rows)
    figure = Figure(size, dpi=100, layout='constrained')
    canvas = FigureCanvasAgg(figure)
    labels = [name.replace('_', ' ') for name in names]
    ticks = range(len(names))
    for index, (matrix, title) in enumerate(zip(matrices, titles)):
        axes = figure.add_subplot(rows, columns, index + 1)
        drawn = axes.imshow(matrix, cmap=COLOURS, vmin=0, vmax=_highest(matrix))
        axes.set_title(title)
        axes.set_xticks(ticks, labels, rotation=90, fontsize=8)
        axes.set_yticks(ticks, labels, fontsize=8)
        for number in lines_before:
            for draw in (axes.axhline, axes.axvline):
                draw(number - 0.5, color='white', linewidth=1)
        figure.colorbar(drawn, ax=axes, shrink=0.8, extend='max')
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _highest(matrix: np.ndarray) -> float:
    """Of the relations to others; that to itself would leave them one dark colour."""
    others = matrix[~np.eye(len(matrix), dtype=bool)]
    return float(others.max() if others.size else matrix.max())
