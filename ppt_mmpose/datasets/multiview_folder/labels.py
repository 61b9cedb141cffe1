"""The labels of a recording: keypoints in its images, and in the world."""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Collection, Dict, Iterable, Tuple
from zipfile import BadZipFile

import numpy as np


@dataclass(frozen=True, eq=False)
class Keypoints3D:
    """Keypoints of one person in the world.

    Args:
        names: T, of the instants.
        keypoints: ``(T, J, 3)``, m, world.
        visible: ``(T, J)``, bool: whether the keypoint is labelled.
        keypoint_names: J.

    Raises:
        ValueError: for a name that comes twice, a shape that does not fit, or a
            labelled keypoint that is no finite number.
    """

    names: Tuple[str, ...]
    keypoints: np.ndarray
    visible: np.ndarray
    keypoint_names: Tuple[str, ...]

    def __post_init__(self) -> None:
        for field in ('names', 'keypoint_names'):
            given = getattr(self, field)
            if len(set(given)) < len(given):
                twice = next(name for name in given if given.count(name) > 1)
                raise ValueError(f'{field}: expected each once, got {twice!r} twice')
        leading = len(self.names), len(self.keypoint_names)
        for field, expected in dict(keypoints=(*leading, 3), visible=leading).items():
            if getattr(self, field).shape != expected:
                raise ValueError(
                    f'{field}: expected the shape {expected} of {leading[0]} names and '
                    f'{leading[1]} keypoint names, got {getattr(self, field).shape}'
                )
        wrong = self.visible & ~np.isfinite(self.keypoints).all(-1)
        if wrong.any():
            instant, keypoint = np.argwhere(wrong)[0]
            raise ValueError(
                'keypoints: expected finite numbers where visible, got '
                f'{self.keypoints[instant, keypoint].tolist()} for '
                f'{self.keypoint_names[keypoint]!r} of instant {self.names[instant]!r}'
            )


def read_keypoints_3d(path: Path, instants: Collection[str]) -> Keypoints3D:
    """Read ``keypoints_3d.npz``.

    Args:
        path: of the file.
        instants: the names that there are.

    Raises:
        ValueError: naming the file and the array, if one is missing or wrong.
    """
    wanted = ('names', 'keypoints', 'visible', 'keypoint_names')
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in wanted if name in content}
    # What np.load says of a file that is none, or that holds objects.
    except (ValueError, OSError, EOFError, BadZipFile, AttributeError) as error:
        raise ValueError(
            f'{path}: expected arrays as np.savez writes them, without objects, got '
            f'{type(error).__name__}: {error}'
        ) from error
    for name in wanted:
        if name not in arrays:
            raise ValueError(
                f'{path}: expected the arrays {", ".join(wanted)}, '
                f'got none of the name {name}'
            )
    try:
        labels = Keypoints3D(
            _texts('names', arrays['names']),
            _numbers('keypoints', arrays['keypoints'], 'fiu').astype(np.float64),
            _numbers('visible', arrays['visible'], 'bfiu').astype(bool),
            _texts('keypoint_names', arrays['keypoint_names']),
        )
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from None
    _check_instants(f'{path}: names', labels.names, instants)
    return labels


def _check_instants(
    where: str, names: Iterable[str], instants: Collection[str]
) -> None:
    known = set(instants)
    for name in names:
        if name not in known:
            raise ValueError(
                f'{where}: expected instants of the recording, as '
                f'{next(iter(instants))}, got {name!r}'
            )


def _texts(field: str, array: np.ndarray) -> Tuple[str, ...]:
    if array.ndim != 1 or array.dtype.kind != 'U':
        raise ValueError(
            f'{field}: expected one row of texts, got the shape {array.shape} of '
            f'{array.dtype}'
        )
    return tuple(array.tolist())


def _numbers(field: str, array: np.ndarray, kinds: str) -> np.ndarray:
    if array.dtype.kind not in kinds:
        raise ValueError(f'{field}: expected numbers, got {array.dtype}')
    return array


def read_keypoints_2d(
    path: Path, cameras: Collection[str], instants: Collection[str]
) -> Dict[str, Any]:
    """Read ``keypoints_2d.json``.

    Args:
        path: of the file.
        cameras: the names that there are.
        instants: the names that there are.

    Returns:
        COCO's person-keypoint labels: ``images``, ``annotations``, ``categories``.

    Raises:
        ValueError: naming the file, if it holds no such labels, and the image, if its
            ``file_name`` is none of the recording.
    """
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(f'{path}: expected json, got {error}') from None
    for field in ('images', 'annotations', 'categories'):
        given = content.get(field) if isinstance(content, dict) else None
        if not isinstance(given, list):
            raise ValueError(
                f"{path}: expected COCO's person-keypoint labels with a list "
                f'{field!r}, got {type(given).__name__}'
            )
    found = []
    for number, image in enumerate(content['images']):
        try:
            file_name = image.get('file_name') if isinstance(image, dict) else image
            found.append(view_and_instant(str(file_name), cameras)[1])
        except ValueError as error:
            raise ValueError(f'{path}: images[{number}].{error}') from None
    _check_instants(f'{path}: images', found, instants)
    return content


def labelled_boxes(
    labels: Dict[str, Any], cameras: Collection[str]
) -> Dict[str, Dict[str, Tuple[float, float, float, float]]]:
    """Where the labels have the person.

    Args:
        labels: of one person in an image, as `read_keypoints_2d` gives them.
        cameras: the names that there are.

    Returns:
        ``(left, top, right, bottom)``, px, by camera and instant.

    Raises:
        ValueError: for two people in one image.
    """
    places = {
        image['id']: view_and_instant(image['file_name'], cameras)
        for image in labels['images']
    }
    boxes: Dict[str, Dict[str, Tuple[float, float, float, float]]] = {}
    for person in labels['annotations']:
        camera, instant = places[person['image_id']]
        of_camera = boxes.setdefault(camera, {})
        if instant in of_camera:
            raise ValueError(
                f'annotations: expected one person in {camera}/{instant}, got several'
            )
        left, top, width, height = person['bbox']
        of_camera[instant] = left, top, left + width, top + height
    return boxes


def view_and_instant(file_name: str, cameras: Collection[str]) -> Tuple[str, str]:
    """What ``file_name`` of an image in ``keypoints_2d.json`` tells.

    Args:
        file_name: as ``'left/000012.jpg'``.
        cameras: the names that there are.

    Returns:
        The camera and the instant, as ``('left', '000012')``.

    Raises:
        ValueError: if it is no such name.
    """
    parts = PurePosixPath(file_name).parts
    if len(parts) != 2 or parts[0] not in cameras:
        raise ValueError(
            'file_name: expected <camera>/<instant>.jpg with a camera of '
            f'{", ".join(cameras)}, got {file_name!r}'
        )
    return parts[0], PurePosixPath(parts[1]).stem
