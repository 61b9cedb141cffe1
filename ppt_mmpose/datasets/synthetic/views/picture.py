"""One instant of a drawn recording, to look at: its views, and the world."""

import warnings
from typing import Any, Dict

import cv2
import numpy as np
import torch
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from numpy.typing import NDArray

from ....motion_files import Instant
from ....visualization.multiview import ViewPainter
from ....visualization.scene import fit_scene
from ....visualization.skeleton_3d import SkeletonPicture
from ...datasets import MultiViewFolderDataset
from ...multiview_folder import MultiViewFolder
from ..labels import SEEN
from ..skeleton import Array

WIDTH = 320  # of a view, px


def instant_picture(recording: MultiViewFolder, number: int) -> NDArray[np.uint8]:
    """Views side by side with their labels, and the person among the cameras.

    Seen keypoints are in COCO's colours; the thin magenta skeleton is the projection of
    all 3D labels.

    Args:
        recording: as :func:`.folders.make_views` draws it.
        number: of the instant, from 0.

    Returns:
        ``(height, width, 3)``, uint8, BGR.

    Raises:
        ValueError: if there is no such instant, or no label.
    """
    if not 0 <= number < len(recording.instants):
        raise ValueError(
            f'number: expected 0 to {len(recording.instants) - 1}, got {number}'
        )
    meta = _meta()
    calibration = recording.calibration
    instant = _labelled(recording, number)
    files = recording.images(instant.name).values()
    images = [cv2.imread(str(file))[..., ::-1] for file in files]
    columns = len(images) if len(images) < 4 else -(-len(images) // 2)
    views = ViewPainter(calibration, meta).draw_views(
        images, instant, columns=columns, width=WIDTH
    )
    scene = fit_scene(
        instant.keypoints_3d, instant.found, up='+z', calibration=calibration
    )
    side = max(views.shape[0], 2 * WIDTH)
    world = SkeletonPicture(
        meta, scene, calibration=calibration, size=(side, side)
    ).draw(instant.keypoints_3d, instant.found)
    below = ((0, side - views.shape[0]), (0, 0), (0, 0))
    views = np.pad(views, below, constant_values=255)
    return np.ascontiguousarray(np.hstack((views, world))[..., ::-1])


def _meta() -> Dict[str, Any]:
    with warnings.catch_warnings():
        # MMPose says that it takes its own file, which is meant.
        warnings.filterwarnings('ignore', message='The metainfo config file')
        meta: Dict[str, Any] = parse_pose_metainfo(MultiViewFolderDataset.METAINFO)
    return meta


def _labelled(recording: MultiViewFolder, number: int) -> Instant:
    """The labels as what was found."""
    labels, truth = recording.keypoints_2d, recording.keypoints_3d
    if labels is None or truth is None:
        raise ValueError(f'{recording.path}: expected 2D and 3D labels, got none')
    name, cameras = recording.instants[number], recording.calibration.names
    people = [_person(labels, f'{camera}/{name}.jpg') for camera in cameras]
    points = np.array([person['keypoints'] for person in people], float)
    points = points.reshape(len(people), -1, 3)
    seen = points[..., 2] == SEEN
    world = truth.keypoints[number]
    boxes = np.array([person['bbox'] for person in people], float)
    boxes[:, 2:] += boxes[:, :2] - 1
    return Instant(
        index=number,
        name=name,
        keypoints_3d=world,
        found=truth.visible[number],
        keypoints_2d=points[..., :2],
        scores=seen.astype(float),
        errors=_errors(recording, points[..., :2], world) * seen,
        used=seen,
        boxes=boxes,
        seen=np.ones(len(people), bool),
    )


def _person(labels: Dict[str, Any], file_name: str) -> Dict[str, Any]:
    numbers = {image['file_name']: image['id'] for image in labels['images']}
    of_image = {person['image_id']: person for person in labels['annotations']}
    person: Dict[str, Any] = of_image[numbers[file_name]]
    return person


def _errors(recording: MultiViewFolder, pixels: Array, world: Array) -> Array:
    """``(V, J)``, px, between the labels and where the cameras project the truth."""
    projection = recording.calibration.cameras.project(torch.from_numpy(world))
    errors: Array = np.linalg.norm(projection.pixels.numpy() - pixels, axis=-1)
    return errors
