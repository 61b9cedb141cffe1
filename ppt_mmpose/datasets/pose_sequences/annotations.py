"""Annotation files of sequences, in the layout that MMPose has for Human3.6M.

An ``.npz`` with a row for each image: ``imgname``, as ``S1_Walking_1.C1_000001.jpg``
(subject, action, camera, frame); ``S`` ``(n, J, 4)``, m in the coordinates of the
camera, and whether the joint is labelled; ``part`` ``(n, J, 3)``, px, the same. With
``keypoint_names`` ``(J,)``, which MMPose does not look at, the order of the joints is
checked.
"""

import re
import zipfile
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

_NAME = re.compile(r'([^_.]+)_([^.]+)\.([^_]+)_(\d+)(?:\.\w+)?')
# No person is so small, px; x and y as models take them are within -1 and 1 or so.
_SMALLEST = 4.0

Floats = NDArray[np.float32]


class Video(NamedTuple):
    """What one camera saw without interruption.

    Attributes:
        subject: such as ``'S1'``.
        action: with the number of the take, such as ``'Walking_1'``.
        camera: such as ``'54138969'``.
        rows: ``(frames,)``, of the arrays.
    """

    subject: str
    action: str
    camera: str
    rows: NDArray[np.int64]


class Sequence3D(NamedTuple):
    """The poses of a video, to be written.

    Attributes:
        subject: such as ``'S1'``.
        action: such as ``'Walking_1'``.
        camera: such as ``'C1'``.
        poses: ``(T, J, 3)``, m, in the coordinates of the camera.
        keypoints: ``(T, J, 2)``, px, where they are in the image.
        detected: ``(T, J, 2)``, px, or ``(T, J, 3)`` with scores; None where there are
            no detections.
    """

    subject: str
    action: str
    camera: str
    poses: NDArray
    keypoints: NDArray
    detected: Optional[NDArray] = None


class PoseArrays(NamedTuple):
    """The arrays of a file.

    Attributes:
        names: ``(n,)``, of the images.
        poses: ``(n, J, 4)``, of ``S``.
        keypoints: ``(n, J, 3)``, of ``part``, or detected.
    """

    names: NDArray[np.str_]
    poses: Floats
    keypoints: Floats


def read_arrays(
    path: Path, joints: Sequence[str], detected: Optional[Path] = None
) -> PoseArrays:
    """Read a file.

    Args:
        path: of the ``.npz``.
        joints: their names, in the order that they must have.
        detected: ``.npy`` of keypoints ``(n, J, 3)``, px and score, to take in place
            of ``part``.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: naming the file, the array, and the frame and the joint if it is
            one of them that is wrong.
    """
    wanted = ['imgname', 'S', *([] if detected else ['part'])]
    arrays = _stored(path, wanted)
    names = arrays['imgname']
    given = [str(name) for name in arrays.get('keypoint_names', joints)]
    if given != list(joints):
        raise ValueError(
            f'{path}: keypoint_names: expected the joints of the dataset, '
            f'{", ".join(joints)}, in this order, got {", ".join(given)}'
        )
    poses = checked_rows(arrays['S'], names, joints, f'{path}: S', numbers=4)
    if detected is None:
        keypoints = checked_keypoints(arrays['part'], names, joints, f'{path}: part')
    else:
        found = read_numbers(detected)
        keypoints = checked_keypoints(found, names, joints, str(detected))
    return PoseArrays(names, poses, keypoints)


def read_numbers(path: Path) -> Floats:
    """The array in an ``.npy``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is none of numbers.
    """
    try:
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    except (ValueError, EOFError, TypeError) as error:
        raise ValueError(f'{path}: expected an .npy of numbers, got {error}') from None


def _stored(path: Path, wanted: Sequence[str]) -> Dict[str, NDArray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            known = [*wanted, 'keypoint_names']
            arrays = {name: file[name] for name in known if name in file.files}
    # A plain .npy is read, too, and is no context.
    except (ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(
            f'{path}: expected an .npz of plain arrays, got {error}'
        ) from None
    missing = [name for name in wanted if name not in arrays]
    if missing:
        raise ValueError(
            f'{path}: expected the arrays {", ".join(wanted)}, got no '
            f'{", ".join(missing)}'
        )
    return arrays


def checked_rows(
    array: NDArray, names: NDArray, joints: Sequence[str], where: str, *, numbers: int
) -> Floats:
    """An array with so many numbers for each joint of each image, as float32.

    Raises:
        ValueError: naming the frame and the joint if there is NaN.
    """
    expected = (len(names), len(joints), numbers)
    if array.shape != expected:
        raise ValueError(
            f'{where}: expected the shape {expected}, for the images of imgname and '
            f'the {len(joints)} joints of the dataset, got {array.shape}'
        )
    finite = np.isfinite(array).all(-1)
    if not finite.all():
        row, joint = np.argwhere(~finite)[0]
        raise ValueError(
            f'{where}: expected numbers, got NaN or infinity in the frame '
            f'{names[row]!s} (row {row}), joint {joint} ({joints[joint]})'
        )
    return array.astype(np.float32)


def checked_keypoints(
    array: NDArray, names: NDArray, joints: Sequence[str], where: str
) -> Floats:
    """Keypoints ``(n, J, 3)`` in px, as float32.

    Raises:
        ValueError: also if they look as if they were normalised.
    """
    keypoints = checked_rows(array, names, joints, where, numbers=3)
    largest = np.abs(keypoints[..., :2]).max(initial=0)
    if len(keypoints) and largest <= _SMALLEST:
        raise ValueError(
            f'{where}: expected keypoints in px, got none beyond {largest:.3g}: they '
            'look normalised'
        )
    return keypoints


def videos_of(names: NDArray, where: str) -> List[Video]:
    """The videos that images belong to, sorted as in MMPose.

    Raises:
        ValueError: for a name of another form, or frames that are not in order.
    """
    rows: Dict[Tuple[str, str, str], List[int]] = {}
    last: Dict[Tuple[str, str, str], int] = {}
    for row, name in enumerate(names.tolist()):
        found = _NAME.fullmatch(name.rsplit('/', 1)[-1])
        if found is None:
            raise ValueError(
                f'{where}: imgname: expected names such as S1_Walking_1.C1_000001.jpg, '
                f'got {name!r}'
            )
        key, frame = (found[1], found[2], found[3]), int(found[4])
        if frame <= last.get(key, -1):
            raise ValueError(
                f'{where}: imgname: expected the frames of a video in their order, got '
                f'{name!r} after frame {last[key]}'
            )
        last[key] = frame
        rows.setdefault(key, []).append(row)
    if not rows:
        raise ValueError(f'{where}: imgname: expected at least one image, got none')
    return [Video(*key, np.array(rows[key])) for key in sorted(rows)]


def write_arrays(
    path: Path,
    sequences: Sequence[Sequence3D],
    joints: Sequence[str],
    detected: Optional[Path] = None,
) -> int:
    """Write a file, and one of detections if there are any.

    Args:
        path: of the ``.npz``; its folder is made.
        sequences: at least one; their frames are numbered from 1.
        joints: their names.
        detected: ``.npy`` for the detections, of score 1 where they have none.

    Returns:
        The number of frames.

    Raises:
        ValueError: if there is no sequence.
    """
    if not sequences:
        raise ValueError(f'{path}: expected sequences to write, got none')
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [
        f'{one.subject}_{one.action}.{one.camera}_{frame:06}.jpg'
        for one in sequences
        for frame in range(1, len(one.poses) + 1)
    ]
    np.savez_compressed(
        path,
        imgname=np.array(names),
        S=_with_ones([one.poses for one in sequences], 4),
        part=_with_ones([one.keypoints for one in sequences], 3),
        keypoint_names=np.array(joints),
    )
    if detected is not None:
        detected.parent.mkdir(parents=True, exist_ok=True)
        given = [one.detected for one in sequences if one.detected is not None]
        np.save(detected, _with_ones(given, 3))
    return len(names)


def _with_ones(arrays: Sequence[NDArray], numbers: int) -> Floats:
    """All frames, with a last column of ones for those that lack it."""
    rows = np.concatenate(arrays).astype(np.float32)
    if rows.shape[-1] < numbers:
        rows = np.concatenate((rows, np.ones_like(rows[..., :1])), axis=-1)
    return rows
