"""Several calibrated cameras to 3D."""

from ..pose_2d import Estimator2D, ImageEstimator, People
from .demo import run_multiview
from .inferencer import MultiViewPoseInferencer
from .outputs import MOTION_FORMATS, Outputs
from .run import MultiViewRun
from .sources import SynchronisedViews, open_sources
from .summary import Summary

__all__ = [
    'MOTION_FORMATS',
    'Estimator2D',
    'ImageEstimator',
    'MultiViewPoseInferencer',
    'MultiViewRun',
    'Outputs',
    'People',
    'Summary',
    'SynchronisedViews',
    'open_sources',
    'run_multiview',
]
