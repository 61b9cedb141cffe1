"""Human3.6M as MMPose's preparation script leaves it.

``annotation_body3d/fps10/h36m_train.npz`` and the like hold arrays with a row for each
image; ``cameras.pkl`` holds the cameras, in metres. ``S`` is in the coordinates of the
camera. Which image is whose is told by its name, as
``S1_Directions_1.54138969_000001.jpg``.
"""

import re
from pathlib import Path
from typing import Any, Dict, Mapping, Sequence, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from ...calibration import camera_dicts
from ...calibration.formats import h36m
from .annotations import Place, ViewLabel
from .h36m_toolbox import KEYPOINTS, SCALE_UNIT

_NAME = re.compile(r'S(\d+)_([A-Za-z]+)(?:_(\d))?\.(\d+)_(\d+)\.\w+')
_SHAPES: Dict[str, Tuple[int, ...]] = dict(
    imgname=(), center=(2,), scale=(), part=(KEYPOINTS, 3), S=(KEYPOINTS, 4)
)
# The numbers of Human3.6M's own metadata; some are spelt in two ways.
ACTIONS = dict(
    Directions=2,
    Discussion=3,
    Eating=4,
    Greeting=5,
    Phoning=6,
    Posing=7,
    Purchases=8,
    Sitting=9,
    SittingDown=10,
    Smoking=11,
    Photo=12,
    TakingPhoto=12,
    Waiting=13,
    Walking=14,
    WalkDog=15,
    WalkingDog=15,
    WalkTogether=16,
    WalkingTogether=16,
)


class PreparedH36M:
    """An annotation file of MMPose's preparation.

    Args:
        path: of the ``.npz``.
        cameras: of ``cameras.pkl``.

    Attributes:
        places: of each entry. Views are numbered in the order of their cameras' ids.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: naming the file, and the array or image that is wrong.
    """

    def __init__(self, path: Path, cameras: Path) -> None:
        self._path = path
        self._arrays = _arrays(path)
        calibration = h36m.read(cameras)
        # The file gives one size to all images of a camera, but those of subjects
        # differ by two rows.
        self._cameras = {
            name: camera | dict(image_size=None)
            for name, camera in zip(calibration.names, camera_dicts(calibration))
        }
        self._cameras_path = cameras
        parts = [self._parts(str(name)) for name in self._arrays['imgname']]
        ids = sorted({name.partition('_')[2] for name in self._cameras})
        self._camera_names = [f'S{part[0]}_{part[3]}' for part in parts]
        self._check_cameras()
        takes = {part[:3] for part in parts}
        self.places: Sequence[Place] = [
            Place(
                f'h36m/S{subject}_{action}{suffix and "_" + suffix}/{frame}',
                ids.index(camera),
                (
                    int(subject),
                    ACTIONS[action],
                    _subaction((subject, action, suffix), takes),
                ),
            )
            for subject, action, suffix, camera, frame in parts
        ]

    def _parts(self, image: str) -> Tuple[str, ...]:
        """Subject, action, number of the take, camera and frame, as in the name."""
        found = _NAME.fullmatch(image.rsplit('/', 1)[-1])
        if found is None or found[2] not in ACTIONS:
            raise ValueError(
                f'{self._path}: imgname: expected names as '
                f'S1_Directions_1.54138969_000001.jpg, got {image!r}'
            )
        return found.groups(default='')

    def _check_cameras(self) -> None:
        for image, camera in zip(self._arrays['imgname'], self._camera_names):
            if camera not in self._cameras:
                subject = camera.partition('_')[0]
                known = [
                    name for name in self._cameras if name.startswith(f'{subject}_')
                ]
                raise ValueError(
                    f'{self._cameras_path}: expected the camera {camera} of {image}, '
                    f'got {", ".join(known) or f"none of {subject}"}'
                )

    def label(self, index: int) -> ViewLabel:
        """The labels of one entry."""
        image = str(self._arrays['imgname'][index])
        row = {
            name: np.asarray(self._arrays[name][index], np.float64)
            for name in ('center', 'scale', 'part', 'S')
        }
        camera = self._cameras[self._camera_names[index]]
        subject, action, subaction = self.places[index].take
        return ViewLabel(
            image=image,
            keypoints=row['part'][:, :2],
            visible=row['part'][:, 2] > 0,
            world=_in_world(row['S'][:, :3], camera),
            camera=camera,
            centre=row['center'],
            size=np.full(2, SCALE_UNIT * row['scale']),
            meta=dict(subject=subject, action=action, subaction=subaction),
        )


def _arrays(path: Path) -> Dict[str, NDArray]:
    with np.load(path, allow_pickle=False) as file:
        missing = [name for name in _SHAPES if name not in file.files]
        if missing:
            raise ValueError(
                f'{path}: expected the arrays {", ".join(_SHAPES)}, got no '
                f'{", ".join(missing)}'
            )
        arrays = {name: file[name] for name in _SHAPES}
    for name, shape in _SHAPES.items():
        expected = (len(arrays['imgname']), *shape)
        if arrays[name].shape != expected:
            raise ValueError(
                f'{path}: {name}: expected the shape {expected}, got '
                f'{arrays[name].shape}'
            )
    return arrays


def _in_world(points: NDArray, camera: Mapping[str, Any]) -> NDArray[np.float64]:
    """Points ``(J, 3)`` of a camera, m, in the world."""
    # Rows: x^T R is (R^T x)^T.
    return (points - camera['translation']) @ camera['rotation']


def _subaction(take: Tuple[str, ...], takes: Set[Tuple[str, ...]]) -> int:
    """Which of the two takes of an action it is, from how its files are called.

    A pair is called X 1 and X, or X 2 and X, or X 1 and X 2: without number it is the
    second, with the number 2 it is so only beside X 1.
    """
    subject, action, suffix = take
    if suffix == '2' and (subject, action, '1') not in takes:
        return 1
    return int(suffix or 2)
