"""Human3.6M as H36M-Toolbox annotates it, and the released multi-view PPT reads it.

``h36m_train.pkl`` and ``h36m_validation.pkl`` are pickled lists of one dictionary for
each view of each instant. Lengths are in mm, cameras in the spelling that
`calibration.formats.centred.annotated_camera` reads, scales in units of 200 px. Nothing
in the pickle is run.
"""

from pathlib import Path
from typing import Any, Dict, Mapping, Sequence, Tuple

import numpy as np

from ...calibration import camera_dicts
from ...calibration.checks import checked_calibration
from ...calibration.fields import Fields
from ...calibration.formats.centred import annotated_camera
from ...calibration.plain_pickle import load_plain_pickle
from ...calibration.units import metres
from .annotations import Place, ViewLabel

UNIT = 'mm'
KEYPOINTS = 17
SCALE_UNIT = 200.0
_PLACE = ('subject', 'action', 'subaction', 'image_id', 'camera_id')


class ToolboxH36M:
    """An annotation file of H36M-Toolbox.

    Args:
        path: of the pickle.

    Attributes:
        places: of each entry.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, and the entry and field that is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = load_plain_pickle(path)
        if not isinstance(self._entries, list):
            raise ValueError(
                f'{path}: expected a list of annotations, got a '
                f'{type(self._entries).__name__}'
            )
        self.places: Sequence[Place] = [
            self._place(index) for index in range(len(self._entries))
        ]
        self._cameras: Dict[Tuple[bytes, ...], Mapping[str, Any]] = {}

    def _place(self, index: int) -> Place:
        entry = self._entries[index]
        try:
            subject, action, subaction, image, camera = (
                int(entry[name]) for name in _PLACE
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f'{self._path}, entry {index}: expected whole numbers {_PLACE}: '
                f'{type(error).__name__}: {error}'
            ) from None
        group = f'h36m/s_{subject:02}_act_{action:02}_subact_{subaction:02}/{image:06}'
        return Place(group, camera, (subject, action, subaction))

    def label(self, index: int) -> ViewLabel:
        """The labels of one entry.

        Raises:
            ValueError: naming the file, the entry and the field that is wrong.
        """
        fields = Fields(self._entries[index], f'{self._path}, entry {index}')
        image = fields.values[fields.first('image')]
        # The released crop is a square of this width, whatever the height.
        width = SCALE_UNIT * fields.vector('scale', 2)[0]
        subject, action, subaction = self.places[index].take
        return ViewLabel(
            image=image,
            keypoints=fields.matrix('joints_2d', KEYPOINTS, 2),
            visible=fields.matrix('joints_vis', KEYPOINTS, 3)[:, 0] > 0,
            world=fields.matrix('joints_3d', KEYPOINTS, 3) * metres(UNIT),
            camera=self._camera(fields, index),
            centre=fields.vector('center', 2),
            size=np.array([width, width]),
            meta=dict(subject=subject, action=action, subaction=subaction),
        )

    def _camera(self, fields: Fields, index: int) -> Mapping[str, Any]:
        """Entries repeat the few cameras, and checking one takes a millisecond."""
        values = fields.values[fields.first('camera')]
        name = str(self.places[index].view)
        record = annotated_camera(values, name, f'{fields.where}, camera')
        key = tuple(
            array.tobytes()
            for array in (
                record.intrinsics,
                record.rotation,
                record.translation,
                record.distortion,
            )
        )
        if key not in self._cameras:
            calibration = checked_calibration([record], fields.where, UNIT)
            self._cameras[key] = camera_dicts(calibration)[0]
        return self._cameras[key]
