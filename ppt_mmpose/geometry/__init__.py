"""Cameras, rays and triangulation: plain torch, batched, differentiable.

Nothing here knows MMPose, a registry or a file, so the folder can be lifted into
another framework as it is. Conventions: `geometry.camera`. Shape letters are those of
`ppt_mmpose.tokens`; ``...`` are leading dimensions, broadcast.
"""

from .camera import Cameras, Projection
from .distortion import Undistorted, distort, undistort
from .rays import patch_centres, patch_rays, pixel_rays
from .triangulation import METHODS, Status, Triangulation, triangulate

__all__ = [
    'METHODS',
    'Cameras',
    'Projection',
    'Status',
    'Triangulation',
    'Undistorted',
    'distort',
    'patch_centres',
    'patch_rays',
    'pixel_rays',
    'triangulate',
    'undistort',
]
