"""COCO's person-keypoint annotations of what a camera sees of a scene."""

from typing import Any, Dict, List, Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from .body import Body
from .camera import Camera
from .render import NOTHING, Rendering
from .scene import Scene
from .sculptor import KEYPOINTS
from .skeleton import Array

OUTSIDE, HIDDEN, SEEN = 0, 1, 2
FEWEST_SEEN = 8  # keypoints: people who show less are not annotated
# Flesh between a keypoint and the air, metres: what is nearer to the camera hides it.
DEPTH_WITHIN: Dict[str, float] = dict(
    nose=0.05, eye=0.04, ear=0.04, shoulder=0.13, elbow=0.08, wrist=0.06, hip=0.17,
    knee=0.10, ankle=0.08,
)  # fmt: skip
_WITHIN = np.array([DEPTH_WITHIN[name.rpartition('_')[2]] for name in KEYPOINTS])
# Joints and skeleton as COCO's own files give them; the numbers count from 1.
CATEGORY: Dict[str, Any] = dict(
    id=1,
    name='person',
    supercategory='person',
    keypoints=list(KEYPOINTS),
    skeleton=[
        *([16, 14], [14, 12], [17, 15], [15, 13], [12, 13], [6, 12], [7, 13], [6, 7]),
        *([6, 8], [7, 9], [8, 10], [9, 11], [2, 3], [1, 2], [1, 3], [2, 4], [3, 5]),
        *([4, 6], [5, 7]),
    ],
)


def annotate(
    scene: Scene, camera: Camera, rendering: Rendering
) -> List[Dict[str, Any]]:
    """Annotations without ids, one for each person of whom enough is seen.

    Boxes, areas and outlines are those of the pixels that are seen; a keypoint's flag
    is 0 outside the image, 1 where something hides it, 2 where it is seen.
    """
    owner = np.where(rendering.solid == NOTHING, NOTHING, scene.owners[rendering.solid])
    found = (
        _annotation(body, owner == index, camera, rendering)
        for index, body in enumerate(scene.bodies)
    )
    return [annotation for annotation in found if annotation is not None]


def visibility(body: Body, camera: Camera, depth: NDArray[np.float32]) -> Array:
    """Pixels and flag of every keypoint, ``(17, 3)``; zeros outside the image.

    Args:
        body: the person.
        camera: that looks.
        depth: ``(height, width)``, metres, of what it sees.
    """
    pixels, distance = camera.project(body.keypoints)
    width, height = camera.size
    inside = (distance > 0) & (pixels >= 0).all(1)
    inside &= (pixels <= (width - 1, height - 1)).all(1)
    columns, rows = np.where(inside[:, None], np.round(pixels), 0).astype(int).T
    hidden = depth[rows, columns] < distance - _WITHIN * _scale(body)
    flags = np.where(inside, np.where(hidden, HIDDEN, SEEN), OUTSIDE)
    return np.column_stack((np.where(inside[:, None], pixels, 0), flags))


def _scale(body: Body) -> float:
    """Size of the body against that for which depths within it are stated."""
    shin = body.frames.origins['left_foot'] - body.frames.origins['left_shin']
    return max(0.7, float(np.linalg.norm(shin)) / (0.238 * 1.7))


def _annotation(
    body: Body, mask: NDArray[np.bool_], camera: Camera, rendering: Rendering
) -> Optional[Dict[str, Any]]:
    keypoints = visibility(body, camera, rendering.depth)
    if (keypoints[:, 2] == SEEN).sum() < FEWEST_SEEN:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    x, y = int(columns[0]), int(rows[0])
    outlines, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return dict(
        category_id=1,
        iscrowd=0,
        bbox=[x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1],
        area=int(mask.sum()),
        segmentation=[o.ravel().tolist() for o in outlines if len(o) > 2],
        num_keypoints=int((keypoints[:, 2] > 0).sum()),
        keypoints=np.round(keypoints, 2).ravel().tolist(),
    )
