"""A sequence as drawn pictures, and as a video."""

from dataclasses import dataclass
from typing import Dict, Iterator, List, Tuple

import numpy as np
from numpy.typing import NDArray

from ....frames import VideoWriter
from ..camera import Camera
from ..exposure import exposed
from ..render import render
from ..skeleton import Array
from .sequence import Sequence


@dataclass(frozen=True)
class Companion:
    """Somebody who moves beside the person of a sequence.

    Args:
        sequence: whose person it is.
        aside: how far from where they move there, over the floor, m, world.
    """

    sequence: Sequence
    aside: Tuple[float, float] = (0.0, 0.0)

    def joints(self) -> Array:
        """``(n, 17, 3)``, world, m."""
        return self.sequence.joints + np.array([*self.aside, 0.0])


def beside(
    sequence: Sequence, index: int, camera: int, *, metres: float = 1.1
) -> Companion:
    """The person of another sequence of the plan, to the left as a camera sees it.

    Args:
        sequence: whom they move beside.
        index: of the other sequence, from 0.
        camera: from 0.
        metres: how far.
    """
    right = sequence.cameras[camera].rotation[0, :2]
    x, y = (-metres * right / np.linalg.norm(right)).tolist()
    return Companion(sequence.plan.draw(index), (x, y))


def people_boxes(
    sequence: Sequence,
    camera: int,
    *,
    width: int,
    companions: Tuple[Companion, ...] = (),
) -> Dict[int, List[List[float]]]:
    """Where the people are in the pictures of `drawn_frames`.

    Args:
        sequence: which.
        camera: from 0.
        width: and height of the pictures, px.
        companions: who else is there.

    Returns:
        By the number of the frame the box of each person ``(left, top, right,
        bottom)``, px, a quarter larger than that of the joints.
    """
    eye = scaled(sequence.cameras[camera], width)
    everybody = [sequence.joints, *(one.joints() for one in companions)]
    pixels = np.stack([eye.project(joints)[0] for joints in everybody], 1)
    low, high = pixels.min(2), pixels.max(2)
    middle, half = (low + high) / 2, 1.25 * (high - low) / 2
    boxes = np.concatenate([middle - half, middle + half], -1).round(2)
    return dict(enumerate(boxes.tolist()))


def drawn_frames(
    sequence: Sequence,
    camera: int,
    *,
    width: int,
    companions: Tuple[Companion, ...] = (),
) -> Iterator[NDArray[np.uint8]]:
    """What a camera sees, frame by frame.

    Args:
        sequence: which.
        camera: from 0.
        width: and height of the pictures, px: the camera's image, scaled.
        companions: who else is there; their sequences are as long.

    Yields:
        ``(width, width, 3)``, uint8, BGR.
    """
    eye = scaled(sequence.cameras[camera], width)
    for frame in range(len(sequence.motion)):
        # The same generator for all frames: one exposure, one pattern of noise.
        rng = sequence.detector_generator(camera)
        others = tuple(one.sequence.body(frame, aside=one.aside) for one in companions)
        yield exposed(render(sequence.scene(frame, others), eye).image, rng)


def write_video(
    path: str,
    sequence: Sequence,
    camera: int,
    *,
    width: int,
    companions: Tuple[Companion, ...] = (),
) -> None:
    """Draw a sequence into an mp4 file.

    Args:
        path: ends with ``.mp4``.
        sequence: which.
        camera: from 0.
        width: and height of the pictures, px.
        companions: who else is there.

    Raises:
        ValueError: for another ending.
        OSError: if the file cannot be written.
    """
    with VideoWriter(path, sequence.plan.fps) as video:
        for picture in drawn_frames(
            sequence, camera, width=width, companions=companions
        ):
            video.write(np.ascontiguousarray(picture[..., ::-1]))


def scaled(camera: Camera, width: int) -> Camera:
    """The same camera with square images of another width, px."""
    by = width / camera.size[0]
    # Pixel centres are whole numbers: the image begins at -0.5.
    x, y = ((value + 0.5) * by - 0.5 for value in camera.centre)
    size: Tuple[int, int] = (width, width)
    return Camera(size, camera.focal * by, (x, y), camera.rotation, camera.translation)
