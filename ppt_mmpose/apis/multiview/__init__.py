"""Several calibrated cameras to 3D."""

from .demo import run_multiview
from .inferencer import MultiViewPoseInferencer
from .outputs import MOTION_FORMATS, Outputs
from .people import Estimator2D, People
from .run import MultiViewRun
from .sources import SynchronisedViews, open_sources
from .summary import Summary
from .view_estimator import ViewEstimator

__all__ = [
    'MOTION_FORMATS',
    'Estimator2D',
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
