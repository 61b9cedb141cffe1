"""The views of a recording as ordinary top-down samples.

A recording is a folder as ``docs/multiview_folders.md`` describes it.
"""

import os
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
from mmpose.registry import DATASETS
from numpy.typing import NDArray

from ....calibration import camera_dicts
from ...multiview_folder import MultiViewFolder, view_and_instant
from ...multiview_folder.layout import KEYPOINTS_2D
from ..body import CheckedCocoDataset
from .whole_groups import WholeGroups


@DATASETS.register_module()
class MultiViewFolderDataset(WholeGroups, CheckedCocoDataset):
    """Each view of each instant is a top-down sample of MMPose's, and knows the rest.

    The views of an instant follow each other, in the calibration's order; a view
    without image or label is absent, and ``len`` counts views. An instant without
    labels is left out. Beyond what MMPose's samples have:

    - ``group_id``: the folder and the name of the instant, unique also where several
      recordings are joined
    - ``view_id``: the camera's number in the calibration
    - ``camera``: ``intrinsics`` (3, 3), px; ``rotation`` (3, 3) and ``translation``
      (3,), m, world to camera; ``distortion`` (12,); ``image_size`` (width, height),
      or None where the calibration does not tell it
    - ``keypoints_hidden`` (1, J), bool: labelled in the image and not seen, COCO's
      flag 1, which MMPose does not tell from 2; of the image as it is in the file
    - where the folder has 3D labels, ``keypoints_3d_world`` (J, 3), m, and
      ``keypoints_3d_visible`` (J,), float32; zeros for an instant without

    Args:
        data_root: the folder of the recording.
        ann_file: COCO's person keypoints, with one person in an image.
        **kwargs: as in MMPose's CocoDataset, COCO's 17 keypoints if there is no
            ``metainfo``; ``data_mode``, ``bbox_file`` and ``sample_interval`` stay as
            they are by default.

    Raises:
        ValueError: for a folder that is no such recording, a label of an image whose
            folder is no camera, or of an instant of which no view has an image, two
            people in one image, or 3D labels of other keypoints or of unknown instants.
    """

    def __init__(
        self, data_root: str, ann_file: str = KEYPOINTS_2D, **kwargs: Any
    ) -> None:
        self.check_options(kwargs)
        super().__init__(ann_file=ann_file, data_root=data_root, **kwargs)

    def load_data_list(self) -> List[dict]:
        """Read the samples.

        Raises:
            ValueError: see the class.
        """
        folder = MultiViewFolder(self.data_root)
        placed = self._placed(folder, super().load_data_list())
        if not placed:
            raise ValueError(
                f'ann_file {self.ann_file!r}: expected labels of images in '
                f'{self.data_root!r}, got none'
            )
        cameras = camera_dicts(folder.calibration)
        labels = self._labels_3d(folder)
        samples = []
        for instant in folder.instants:
            for view, camera in enumerate(cameras):
                if (instant, view) in placed:
                    sample = placed[instant, view]
                    sample.update(
                        group_id=os.path.join(self.data_root, instant),
                        view_id=view,
                        camera=camera,
                        keypoints_hidden=_hidden(sample),
                    )
                    if labels is not None:
                        sample.update(labels[instant])
                    samples.append(sample)
        return samples

    def _placed(
        self, folder: MultiViewFolder, samples: List[dict]
    ) -> Dict[Tuple[str, int], dict]:
        """Samples that have an image, by instant and number of the camera."""
        where = f'ann_file {self.ann_file!r}'
        instants = set(folder.instants)
        placed: Dict[Tuple[str, int], dict] = {}
        for sample in samples:
            name = os.path.relpath(sample['img_path'], self.data_prefix['img'])
            name = name.replace(os.sep, '/')
            try:
                camera, instant = view_and_instant(name, folder.calibration.names)
            except ValueError as error:
                raise ValueError(f'{where}: {error}') from None
            if instant not in instants:
                raise ValueError(
                    f'{where}: {name} is labelled: expected an image of this instant '
                    f'in at least one view of {self.data_root!r}, got none'
                )
            if folder.images(instant)[camera] is None:
                continue
            place = instant, folder.calibration.index(camera)
            if place in placed:
                raise ValueError(
                    f'{where}: expected one person in {name}, got the annotations '
                    f'with id {placed[place]["id"]} and {sample["id"]}'
                )
            placed[place] = sample
        return placed

    def _labels_3d(
        self, folder: MultiViewFolder
    ) -> Optional[Mapping[str, Dict[str, NDArray]]]:
        labels = folder.keypoints_3d
        if labels is None:
            return None
        expected = tuple(self.metainfo['keypoint_id2name'].values())
        if labels.keypoint_names != expected:
            raise ValueError(
                f'{folder.path}: expected 3D labels of the {len(expected)} keypoints '
                f'of the 2D labels ({", ".join(expected)}), got '
                f'{len(labels.keypoint_names)} ({", ".join(labels.keypoint_names)})'
            )
        joints = len(expected)
        positions = np.where(labels.visible[..., None], labels.keypoints, 0.0)
        known = dict(zip(labels.names, zip(positions, labels.visible)))
        nothing = np.zeros((joints, 3)), np.zeros(joints, bool)
        fields: Dict[str, Dict[str, NDArray]] = {}
        for instant in folder.instants:
            position, visible = known.get(instant, nothing)
            fields[instant] = dict(
                keypoints_3d_world=position,
                keypoints_3d_visible=visible.astype(np.float32),
            )
        return fields


def _hidden(sample: Mapping[str, Any]) -> NDArray[np.bool_]:
    return np.array(sample['raw_ann_info']['keypoints'][2::3])[None] == 1
