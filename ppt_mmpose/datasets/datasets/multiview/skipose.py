"""Ski-PosePTZ: alpine skiers, seen by six cameras that turn and zoom."""

import os
from pathlib import Path
from typing import Any, Optional

from mmpose.registry import DATASETS

from ...multiview_annotations import Annotations, SkiPose
from ...multiview_annotations.skipose import read_centres, read_labels
from .annotated import AnnotatedViewDataset


@DATASETS.register_module()
class SkiPoseDataset(AnnotatedViewDataset):
    """Ski-PosePTZ from its ``labels.h5``, for which h5py has to be installed.

    Each frame has cameras of its own. How folders must look is told in
    ``docs/multiview_data.md``; samples and options by `AnnotatedViewDataset`.

    Args:
        ann_file: ``labels.h5`` in the folder of its part, train or test.
        centers_file: where the skier is in the world; relative to ``data_root``. With
            None, samples have no ``keypoints_3d_world``.
        **kwargs: see AnnotatedViewDataset; there are no takes to skip.

    Raises:
        ImportError: if h5py is missing, with the command that installs it.
        ValueError: for another file, or an option out of its range.
    """

    def __init__(
        self,
        ann_file: str,
        *,
        centers_file: Optional[str] = 'ski_centers.csv',
        **kwargs: Any,
    ) -> None:
        self.centers_file = centers_file
        super().__init__(ann_file, **kwargs)

    def read(self, path: Path) -> Annotations:
        """Read the annotation file; see the class."""
        centres = None
        if self.centers_file is not None:
            file = os.path.join(self.data_root or '', self.centers_file)
            centres = read_centres(Path(file))
        return SkiPose(read_labels(path), path, part=path.parent.name, centres=centres)
