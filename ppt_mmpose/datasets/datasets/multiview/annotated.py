"""Views of an annotation file as ordinary top-down samples."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, List, Optional, Sequence, Union

import numpy as np
from mmpose.datasets.datasets.base import BaseCocoStyleDataset

from ....evaluation.takes import Take
from ...multiview_annotations import Annotations, GroupSelection, ViewLabel
from .whole_groups import WholeGroups


class AnnotatedViewDataset(WholeGroups, BaseCocoStyleDataset):
    """Each view of each group is a top-down sample of MMPose's, and knows the rest.

    The views of a group follow each other, in the order of their cameras, and ``len``
    counts views. The crop that the annotations ask for is ``bbox``, with no padding
    beyond it: ``GetBBoxCenterScale(padding=1)``. Beyond what MMPose's samples have:

    - ``group_id`` and ``view_id``
    - ``camera``: as in MultiViewFolderDataset
    - ``keypoints_3d_world`` (J, 3), m, and ``keypoints_3d_visible`` (J,), float32
    - ``subject``, and of Human3.6M ``action`` and ``subaction``

    Keypoints are Human3.6M's 17, with MMPose's names.

    Args:
        ann_file: the annotations.
        cameras: numbers of the cameras whose views are used; without it, all.
        min_views: groups with fewer of these views are left out; without it, those
            that lack any.
        every: one of so many groups is used, from the first.
        skip_takes: of Human3.6M, ``(subject, action, subaction)`` of takes to leave
            out, or ``'damaged'`` for the three whose labels are wrong.
        **kwargs: as in MMPose's datasets; ``data_mode``, ``bbox_file`` and
            ``sample_interval`` stay as they are by default.

    Raises:
        ValueError: for an option out of its range, or a file that is no such one.
    """

    METAINFO = dict(from_file='configs/_base_/datasets/h36m.py')

    def __init__(
        self,
        ann_file: str,
        *,
        cameras: Optional[Sequence[int]] = None,
        min_views: Optional[int] = None,
        every: int = 1,
        skip_takes: Union[str, Sequence[Take]] = (),
        **kwargs: Any,
    ) -> None:
        self.check_options(kwargs)
        self.selection = GroupSelection(
            cameras=cameras, min_views=min_views, every=every, skip_takes=skip_takes
        )
        super().__init__(ann_file=ann_file, **kwargs)

    @abstractmethod
    def read(self, path: Path) -> Annotations:
        """Read the annotation file.

        Raises:
            ValueError: naming the file and what is wrong with it.
        """

    def load_data_list(self) -> List[dict]:
        """Read the samples.

        Raises:
            ValueError: for a file that is no such one, two entries of one view, a
                number that is not finite, or if no group is left.
        """
        annotations = self.read(Path(self.ann_file))
        groups = self.selection(annotations.places, f'ann_file {self.ann_file!r}')
        samples = []
        for group in groups:
            for index in group:
                place = annotations.places[index]
                sample = self._sample(annotations.label(index), index)
                sample.update(group_id=place.group, view_id=place.view)
                samples.append(sample)
        return samples

    def _sample(self, label: ViewLabel, index: int) -> dict:
        for name in ('keypoints', 'world', 'centre', 'size'):
            values = getattr(label, name)
            if values is not None and not np.isfinite(values).all():
                raise ValueError(
                    f'ann_file {self.ann_file!r}: {name} of {label.image}: expected '
                    f'finite numbers, got {values[~np.isfinite(values)][0]}'
                )
        half = label.size / 2
        bbox = np.concatenate([label.centre - half, label.centre + half])
        sample = dict(
            id=index,
            img_id=index,
            img_path=str(Path(self.data_prefix['img'], label.image)),
            bbox=bbox.astype(np.float32)[None],
            bbox_score=np.ones(1, np.float32),
            keypoints=label.keypoints.astype(np.float32)[None],
            keypoints_visible=label.visible.astype(np.float32)[None],
            num_keypoints=int(label.visible.sum()),
            area=np.array(np.prod(label.size), np.float32),
            iscrowd=0,
            category_id=np.array(1),
            camera=label.camera,
            **label.meta,
        )
        if label.world is not None:
            sample.update(
                keypoints_3d_world=label.world,
                keypoints_3d_visible=label.visible.astype(np.float32),
            )
        return sample
