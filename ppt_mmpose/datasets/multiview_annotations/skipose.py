"""Ski-PosePTZ: alpine skiers, six cameras that turn and zoom.

``labels.h5`` holds arrays with a row for each image. A camera has other parameters in
each frame. Poses in 3D are relative to the root, in the directions of the camera.
Positions in the world need ``ski_centers.csv``, of which each line is ``sequence frame
x y z``, separated by spaces.
"""

from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from ...calibration import camera_dicts
from ...calibration.checks import checked_calibration
from ...calibration.record import CameraRecord
from .annotations import Place, ViewLabel

# Images are squares of so many px; labels and intrinsics are ratios of it.
IMAGE_SIZE = 256
KEYPOINTS = 17
UNIT = 'm'
# Numbers in a row of each array.
_ROWS = {
    'seq': 1,
    'cam': 1,
    'frame': 1,
    'subj': 1,
    '3D': 3 * KEYPOINTS,
    '2D': 2 * KEYPOINTS,
    'cam_intrinsic': 9,
    'cam_position': 3,
    'R_cam_2_world': 9,
}


def read_labels(path: Path) -> Dict[str, NDArray]:
    """The arrays of a ``labels.h5`` as they are in it.

    Raises:
        ImportError: if h5py is missing, with the command that installs it.
        FileNotFoundError: if there is no such file.
        ValueError: if it lacks an array.
    """
    try:
        import h5py
    except ImportError:
        raise ImportError(
            f'reading {path} needs h5py: python -m pip install h5py'
        ) from None
    with h5py.File(path, 'r') as file:
        missing = [name for name in _ROWS if name not in file]
        if missing:
            raise ValueError(
                f'{path}: expected the arrays {", ".join(_ROWS)}, got no '
                f'{", ".join(missing)}'
            )
        return {name: file[name][:] for name in _ROWS}


def read_centres(path: Path) -> Dict[Tuple[int, int], NDArray[np.float64]]:
    """Where the root is in the world, m, by sequence and frame.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file and the line that is wrong.
    """
    centres: Dict[Tuple[int, int], NDArray[np.float64]] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            sequence, frame, x, y, z = line.split()
            place = int(sequence), int(frame)
            centre = np.array([x, y, z], np.float64)
        except ValueError:
            raise ValueError(
                f'{path}, line {number}: expected sequence frame x y z, got {line!r}'
            ) from None
        centres[place] = centre
    return centres


class SkiPose:
    """The labels of a part of Ski-PosePTZ.

    Args:
        arrays: as `read_labels` gives them.
        source: the file, for messages.
        part: ``'train'`` or ``'test'``, for the names of groups.
        centres: as `read_centres` gives them; without them, no positions in the world.

    Attributes:
        places: of each entry.

    Raises:
        ValueError: for an array of another size, or a frame without centre.
    """

    def __init__(
        self,
        arrays: Mapping[str, Any],
        source: object,
        *,
        part: str,
        centres: Optional[Mapping[Tuple[int, int], NDArray[np.float64]]] = None,
    ) -> None:
        self._source = source
        self._centres = centres
        self._rows = _rows(arrays, source)
        self._frames: List[Tuple[int, int]] = [
            (int(sequence[0]), int(frame[0]))
            for sequence, frame in zip(self._rows['seq'], self._rows['frame'])
        ]
        for sequence, frame in self._frames:
            if centres is not None and (sequence, frame) not in centres:
                raise ValueError(
                    f'{source}: expected a centre of each frame, got none of sequence '
                    f'{sequence}, frame {frame}'
                )
        self.places: Sequence[Place] = [
            Place(f'skipose/{part}/seq_{sequence:03}/{frame:06}', int(camera))
            for (sequence, frame), camera in zip(self._frames, self._rows['cam'][:, 0])
        ]

    def label(self, index: int) -> ViewLabel:
        """The labels of one entry.

        Raises:
            ValueError: naming the file, the entry and the camera's field that is wrong.
        """
        sequence, frame = self._frames[index]
        camera = self._camera(index)
        world = None
        if self._centres is not None:
            relative = self._rows['3D'][index].reshape(KEYPOINTS, 3)
            # In the camera's directions. Rows: x^T R is (R^T x)^T.
            world = relative @ camera['rotation'] + self._centres[sequence, frame]
        name = f'cam_{self.places[index].view:02}/image_{frame:06}.png'
        return ViewLabel(
            image=f'seq_{sequence:03}/{name}',
            keypoints=IMAGE_SIZE * self._rows['2D'][index].reshape(KEYPOINTS, 2),
            visible=np.ones(KEYPOINTS, bool),
            world=world,
            camera=camera,
            centre=np.full(2, IMAGE_SIZE / 2),
            size=np.full(2, float(IMAGE_SIZE)),
            meta=dict(subject=int(self._rows['subj'][index, 0])),
        )

    def _camera(self, index: int) -> Dict[str, Any]:
        intrinsics = self._rows['cam_intrinsic'][index].reshape(3, 3).copy()
        intrinsics[:2] *= IMAGE_SIZE
        rotation = self._rows['R_cam_2_world'][index].reshape(3, 3).T
        record = CameraRecord(
            str(self.places[index].view),
            intrinsics,
            rotation,
            -rotation @ self._rows['cam_position'][index],
            np.zeros(0),
            (IMAGE_SIZE, IMAGE_SIZE),
        )
        where = f'{self._source}, entry {index}'
        return camera_dicts(checked_calibration([record], where, UNIT))[0]


def _rows(arrays: Mapping[str, Any], source: object) -> Dict[str, NDArray[np.float64]]:
    """Arrays ``(entries, numbers in a row)``, float64."""
    count = len(arrays['seq'])
    rows = {}
    for name, size in _ROWS.items():
        array = np.asarray(arrays[name], np.float64)
        if array.size != count * size or len(array) != count:
            raise ValueError(
                f'{source}: {name}: expected {count} rows of {size} numbers, got the '
                f'shape {array.shape}'
            )
        rows[name] = array.reshape(count, size)
    return rows
