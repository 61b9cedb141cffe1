"""A made-up recording of cameras on a ring, as a plain folder, for tests."""

import json

import cv2
import numpy as np
import torch
from drawn_people import POSE

from ppt_mmpose.calibration import Calibration, write_calibration
from ppt_mmpose.geometry import Cameras

SIZE = (160, 128)
# In COCO's order: nose, eyes, ears, then pairs from the shoulders down.
_PAIRS = ('eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
COCO = ['nose', *(f'{side}_{part}' for part in _PAIRS for side in ('left', 'right'))]


def ring(views=4):
    """Cameras 4 m around the origin, 1.2 m up, that look at a point 1 m above it."""
    rotations, translations = [], []
    for angle in np.arange(views) * 2 * np.pi / views + 0.2:
        centre = np.array([4 * np.cos(angle), 4 * np.sin(angle), 1.2])
        forward = np.array([0, 0, 1.0]) - centre
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 0, 1.0])
        right /= np.linalg.norm(right)
        rotation = np.stack([right, np.cross(forward, right), forward])
        rotations.append(rotation)
        translations.append(-rotation @ centre)
    focal = 150.0
    intrinsics = np.array([[focal, 0, SIZE[0] / 2], [0, focal, SIZE[1] / 2], [0, 0, 1]])
    distortion = np.tile([-0.1, 0.02, 0.001, -0.001, 0.0], (views, 1))
    return Calibration(
        tuple(f'cam{view}' for view in range(views)),
        Cameras(
            *map(
                torch.from_numpy,
                (
                    np.tile(intrinsics, (views, 1, 1)),
                    np.array(rotations),
                    np.array(translations),
                    distortion,
                ),
            )
        ),
        (SIZE,) * views,
    )


def people(instants=3, seed=0):
    """One person of COCO's keypoints at each instant: ``(T, 17, 3)``, m."""
    rng = np.random.RandomState(seed)
    flat = np.column_stack((POSE[:, 0] - 0.5, np.zeros(17), 1 - POSE[:, 1])) * 1.6
    return flat + 0.05 * rng.randn(instants, 17, 3) + 0.2 * rng.randn(instants, 1, 3)


def write(folder, *, instants=3, views=4, seed=0):
    """Write images of noise, the calibration and exact labels; return 3D keypoints."""
    calibration, poses = ring(views), people(instants, seed)
    folder.mkdir(parents=True)
    write_calibration(calibration, folder / 'calibration.toml', format='anipose')
    rng = np.random.RandomState(seed)
    pixels = calibration.cameras.project(torch.from_numpy(poses)).pixels.numpy()
    images, annotations = [], []
    # Cameras first, so that the views of an instant are not together in the file.
    for view, camera in enumerate(calibration.names):
        (folder / camera).mkdir()
        for instant in range(instants):
            name = f'{camera}/{instant:06d}.jpg'
            noise = rng.randint(0, 255, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
            cv2.imwrite(str(folder / name), noise)
            number = len(images) + 1
            width, height = SIZE
            images.append(dict(id=number, file_name=name, width=width, height=height))
            annotations.append(person(number, pixels[instant, view]))
    content = dict(
        images=images,
        annotations=annotations,
        categories=[dict(id=1, name='person', keypoints=COCO, skeleton=[])],
    )
    (folder / 'keypoints_2d.json').write_text(json.dumps(content))
    write_keypoints_3d(folder, poses)
    return poses


def person(number, points):
    """An annotation, as COCO has it, with its own and its image's number."""
    low, high = points.min(0), points.max(0)
    return dict(
        id=number,
        image_id=number,
        category_id=1,
        iscrowd=0,
        area=float(np.prod(high - low)),
        bbox=[*low.tolist(), *(high - low).tolist()],
        num_keypoints=len(points),
        keypoints=np.column_stack((points, np.full(len(points), 2))).ravel().tolist(),
    )


def write_keypoints_3d(folder, poses, **changes):
    """Write the 3D labels, or others."""
    arrays = dict(
        names=np.array([f'{instant:06d}' for instant in range(len(poses))]),
        keypoints=poses,
        visible=np.ones(poses.shape[:2], bool),
        keypoint_names=np.array(COCO),
    )
    np.savez(folder / 'keypoints_3d.npz', **(arrays | changes))
