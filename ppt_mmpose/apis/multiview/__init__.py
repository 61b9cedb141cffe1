"""Several calibrated cameras to 3D."""

from .demo import run_multiview
from .inferencer import MultiViewPoseInferencer, MultiViewRun
from .outputs import MOTION_FORMATS, Outputs
from .sources import SynchronisedViews, open_sources
from .summary import Summary
from .view_estimator import People, ViewEstimator

__all__ = [
    'MOTION_FORMATS',
    'MultiViewPoseInferencer',
    'MultiViewRun',
    'Outputs',
    'People',
    'Summary',
    'SynchronisedViews',
    'ViewEstimator',
    'open_sources',
    'run_multiview',
]
