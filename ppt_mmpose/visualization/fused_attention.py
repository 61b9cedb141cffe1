"""Where keypoints look across views (multi-view PPT, figure 8)."""

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple, cast

import cv2
from torch import Tensor

from ppt_mmpose.tokens import KeypointAttention

from .attention_maps import overlay
from .crops import Image
from .panels import grid_of_panels
from .patches import on_grid, veil_pruned
from .token_pass import TokenPass


@dataclass(frozen=True)
class FusedAttention:
    """Attention of one fused block, by the v views that an instant has.

    Attributes:
        block: 0-based number of the block.
        keypoints: ``(v, J, v, J)``, how much a keypoint of a view looks at a keypoint
            of a view; with `patches` it sums to 1.
        patches: ``(v, J, v, K)``, how much it looks at the patches of a view.
        source: ``(v, K)``, int64, where these patches are in their view.
    """

    block: int
    keypoints: Tensor
    patches: Tensor
    source: Tensor

    @property
    def between_keypoints(self) -> KeypointAttention:
        """The keypoints of all views as ``v * J`` of one."""
        rows = self.keypoints.flatten(2).flatten(0, 1)
        return KeypointAttention(self.block, rows[None], self.source.flatten()[None])


def fused_attention(one: TokenPass, instant: int) -> Tuple[FusedAttention, ...]:
    """The attention of every fused block, without views that are missing.

    Args:
        one: a run with fused views and attention.
        instant: number of the instant in its batch.
    """
    places = cast(Tensor, one.views)
    joints, views = len(one.keypoint_tokens), places.shape[1]
    present = (places[instant] >= 0).nonzero()[:, 0]
    parts = []
    for seen in one.attention:
        rows = seen.attention[instant].unflatten(0, (views, joints))[present]
        to_keypoints = rows[..., : views * joints].unflatten(2, (views, joints))
        to_patches = rows[..., views * joints :].unflatten(2, (views, -1))
        source = seen.source[instant].unflatten(0, (views, -1))[present]
        parts.append(
            FusedAttention(
                seen.block,
                to_keypoints[:, :, present],
                to_patches[:, :, present],
                source % (one.grid[0] * one.grid[1]),
            )
        )
    return tuple(parts)


def draw_fused_attention(
    images: Sequence[Image],
    attention: FusedAttention,
    grid: Tuple[int, int],
    *,
    view: int,
    view_names: Sequence[str],
    keypoints: Sequence[int],
    names: Sequence[str],
    marked: Optional[Sequence[Image]] = None,
) -> Image:
    """One row a keypoint of one view, one column each view that it looks into.

    The maps of a row have one scale, whose highest value is named at its beginning, so
    that they can be compared. Below each map is how much goes to the patches of this
    view, and how much to its keypoint tokens. Pruned patches are grey.

    Args:
        images: crops of the v views, ``(height, width, 3)``, uint8, RGB.
        attention: of one block.
        grid: rows and columns of patches.
        view: number of the view whose keypoints look.
        view_names: of the v views.
        keypoints: which to show.
        names: of all J keypoints.
        marked: the pictures to begin each row with.
    """
    rows = []
    for row, keypoint in enumerate(keypoints):
        looks = attention.patches[view, keypoint]
        highest = float(looks.max())
        first = images[view] if marked is None else marked[row]
        name = names[keypoint].replace('_', ' ')
        panels = [(first, f'{name} of {view_names[view]}, max {highest:.3f}')]
        for other, (image, source) in enumerate(zip(images, attention.source)):
            patches = on_grid(looks[other].numpy(), source, grid)
            over = overlay(image, patches, highest=highest)
            over = veil_pruned(image, source, grid, over=over)
            to_patches = float(looks[other].sum())
            to_keypoints = float(attention.keypoints[view, keypoint, other].sum())
            caption = (
                f'{view_names[other]}: patches {to_patches:.0%}, '
                f'keypoints {to_keypoints:.0%}'
            )
            panels.append((over, caption))
        rows.append(panels)
    title = f'layer {attention.block + 1}'
    return grid_of_panels(rows, font_size=14, title=title)


def mark(image: Image, place: Tuple[float, float]) -> Image:
    """A picture with a ring around a place.

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        place: column and row, px.
    """
    radius = max(4, image.shape[0] // 20)
    marked = image.copy()
    for thickness, colour in ((5, (255, 255, 255)), (2, (200, 0, 0))):
        centre = round(place[0]), round(place[1])
        cv2.circle(marked, centre, radius, colour, thickness, cv2.LINE_AA)
    return marked
