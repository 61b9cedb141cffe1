"""MMPose's top-down estimator, with the promise that its weights fit."""

from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS

from ..strict_loading import refuse_misfit


@MODELS.register_module()
class TopdownTokenPose(TopdownPoseEstimator):
    """TokenPose and PPT: backbone, token neck and head, one person per crop.

    Args:
        partial_init: accept weights that fit in part, for fine-tuning with another
            set of keypoints or another head. Off, a file that does not fit is
            refused with the keys of both sides.
        **kwargs: as in MMPose's TopdownPoseEstimator.
    """

    def __init__(self, *, partial_init: bool = False, **kwargs: object) -> None:
        super().__init__(**kwargs)
        if not partial_init:
            refuse_misfit(self)
