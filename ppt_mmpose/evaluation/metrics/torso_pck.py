"""PCK in units of the torso, for any order of keypoints."""

from typing import Sequence, Tuple

import numpy as np
from mmpose.evaluation.metrics import PCKAccuracy
from mmpose.registry import METRICS


@METRICS.register_module()
class TorsoPCKAccuracy(PCKAccuracy):
    """MMPose's PCKAccuracy by torso, with the joints of the torso as an option.

    MMPose measures the torso between joints 4 and 5, which is right for JHMDB alone.

    Args:
        thr: a joint counts as found below this part of the torso.
        torso: the two joints between which the torso is measured, in px.
        **kwargs: as in PCKAccuracy, without ``norm_item``.

    Persons whose torso joints are not both labelled, or fall together, are left out.
    """

    def __init__(
        self, thr: float = 0.2, *, torso: Tuple[int, int], **kwargs: object
    ) -> None:
        # Boxes are in every sample, so the base class finds what it needs.
        super().__init__(thr=thr, norm_item='bbox', **kwargs)
        self.norm_item = ['torso']
        self.torso = torso

    def process(self, data_batch: Sequence[dict], data_samples: Sequence[dict]) -> None:
        """Store predictions and truth of a batch, with each person's torso."""
        self.norm_item = ['bbox']
        super().process(data_batch, data_samples)
        self.norm_item = ['torso']
        first, second = self.torso
        for result in self.results[-len(data_samples) :]:
            joints = result['gt_coords'][0]
            size = float(np.linalg.norm(joints[first] - joints[second]))
            labelled = result['mask'][0, [first, second]].all()
            if not labelled or size == 0:
                result['mask'] = np.zeros_like(result['mask'])
                size = 1.0
            result['torso_size'] = np.full((1, 2), size)
