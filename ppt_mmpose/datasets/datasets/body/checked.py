"""MMPose's datasets, which say what is wrong with their annotation file.

MMPose reads a file that is empty, cut off or made for other keypoints until
something fails far away. Here the error names the file and the field.
"""

from typing import Any, List

from mmpose.datasets.datasets import CocoDataset, MpiiDataset
from mmpose.registry import DATASETS


class AnnotationChecks:
    """What is checked of an annotation file while it is read."""

    ann_file: str
    metainfo: dict

    def load_data_list(self) -> List[dict]:
        """Read the samples.

        Raises:
            ValueError: if the file is no such annotation file, holds no person, or
                has another number of keypoints than the dataset.
        """
        loader: Any = super()
        where = f'ann_file {self.ann_file!r}'
        try:
            samples = loader.load_data_list()
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            raise ValueError(
                f'{where}: expected the annotations of a {type(self).__name__}, got '
                f'{type(error).__name__}: {error}'
            ) from error
        if not samples:
            raise ValueError(
                f'{where}: expected at least one person with keypoints, got none'
            )
        expected = self.metainfo['num_keypoints']
        for sample in samples:
            given = sample['keypoints'].shape[1]
            if given != expected:
                raise ValueError(
                    f'{where}: expected {expected} keypoints a person '
                    f'({self.metainfo["dataset_name"]}), got {given} in the '
                    f'annotation with id {sample["id"]}'
                )
        return samples


@DATASETS.register_module()
class CheckedCocoDataset(AnnotationChecks, CocoDataset):
    """MMPose's CocoDataset with clear errors."""


@DATASETS.register_module()
class CheckedMpiiDataset(AnnotationChecks, MpiiDataset):
    """MMPose's MpiiDataset with clear errors."""
