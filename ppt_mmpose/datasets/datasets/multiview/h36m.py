"""Human3.6M, seen by its four cameras at once."""

import os
from pathlib import Path
from typing import Any, Optional

from mmpose.registry import DATASETS

from ...multiview_annotations import Annotations, PreparedH36M, ToolboxH36M
from .annotated import AnnotatedViewDataset


@DATASETS.register_module()
class H36MMultiViewDataset(AnnotatedViewDataset):
    """Human3.6M from the annotations of H36M-Toolbox, or those that MMPose prepares.

    The released multi-view PPT uses the former, ``skip_takes='damaged'``, and of the
    groups ``every=5`` in training and ``every=64`` in tests. How folders must look is
    told in ``docs/multiview_data.md``; samples and options by `AnnotatedViewDataset`.

    Args:
        ann_file: ``.pkl`` of H36M-Toolbox, or ``.npz`` of MMPose's preparation.
        camera_param_file: ``cameras.pkl``, which an ``.npz`` needs; a ``.pkl`` has its
            own cameras. Relative to ``data_root``.
        **kwargs: see AnnotatedViewDataset.

    Raises:
        ValueError: for another file, a camera that ``cameras.pkl`` lacks, or an option
            out of its range.
    """

    def __init__(
        self,
        ann_file: str,
        *,
        camera_param_file: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        suffix = Path(ann_file).suffix
        if suffix not in ('.pkl', '.npz'):
            raise ValueError(
                'ann_file: expected a .pkl of H36M-Toolbox or an .npz of MMPose, got '
                f'{ann_file!r}'
            )
        if (suffix == '.npz') != (camera_param_file is not None):
            raise ValueError(
                'camera_param_file: expected a file for an .npz, and none for a .pkl, '
                f'got {camera_param_file!r} with {ann_file!r}'
            )
        self.camera_param_file = camera_param_file
        super().__init__(ann_file, **kwargs)

    def read(self, path: Path) -> Annotations:
        """Read the annotation file; see the class."""
        if self.camera_param_file is None:
            return ToolboxH36M(path)
        cameras = os.path.join(self.data_root or '', self.camera_param_file)
        return PreparedH36M(path, Path(cameras))
