"""COCO's person-keypoint annotation of one person in one of many views."""

from typing import Any, Dict

import numpy as np
from numpy.typing import NDArray

from ..body import Body
from ..depth import depth_of
from ..labels import HIDDEN, OUTSIDE, SEEN, visibility
from ..skeleton import Array
from .view import View


def keypoints_in(view: View, body: Body, depth: NDArray[np.float32]) -> Array:
    """Pixels and flag of every keypoint, ``(17, 3)``; zeros outside the image.

    Flags are those of :func:`..labels.visibility`.

    Args:
        view: that looks.
        body: the person.
        depth: of what its pinhole sees, metres.
    """
    pixels, inside = view.project(body.keypoints)
    flags = visibility(body, view.pinhole, depth)[:, 2]
    # A lens may bend what is far outside back into the image; its pinhole does not.
    flags = np.where(inside, flags, OUTSIDE)
    return np.column_stack((np.where(flags[:, None] > OUTSIDE, pixels, 0), flags))


def annotate_view(view: View, body: Body, depth: NDArray[np.float32]) -> Dict[str, Any]:
    """An annotation without ids.

    Box and area are those of the whole person, cut to the image, also of what is
    hidden: a hidden keypoint is in the box. Beside COCO's fields, ``num_obstructed``
    counts the keypoints that the body does not hide, and something else does.

    Args:
        view: that looks, and sees a part of the image of the person.
        body: the person.
        depth: of what its pinhole sees, metres.

    Raises:
        ValueError: if the person is out of the image.
    """
    alone = depth_of(body.solids, view.pinhole)
    mask = view.shown(np.isfinite(alone).astype(np.uint8), blend=False)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) == 0:
        raise ValueError(f'body: expected one in the image of {view.name}, got none')
    x, y = int(columns[0]), int(rows[0])
    keypoints = keypoints_in(view, body, depth)
    free = keypoints_in(view, body, alone)[:, 2] == SEEN
    return dict(
        category_id=1,
        iscrowd=0,
        bbox=[x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1],
        area=int(mask.sum()),
        num_keypoints=int((keypoints[:, 2] > OUTSIDE).sum()),
        num_obstructed=int((free & (keypoints[:, 2] == HIDDEN)).sum()),
        # Finer than any picture: what is triangulated from them is exact.
        keypoints=np.round(keypoints, 6).ravel().tolist(),
    )
