"""What cameras on a ring see of random points: recordings whose answer is known."""

from dataclasses import dataclass
from math import pi
from typing import Any, Dict

import torch
from torch import Tensor

from ppt_mmpose.geometry import Cameras

# Of a real camera with 1000 px a side: k1 k2 p1 p2 k3.
LENS = (-0.207, 0.248, -0.0014, -0.00098, -0.003)
FOCAL = 1000.0  # px
SIDE = 1000  # px, of the images
RADIUS = 4.0  # m
WRONG_BY = 150.0  # px


@dataclass(frozen=True, eq=False)
class RingRecording:
    """Points, and keypoints that cameras took for them.

    Attributes:
        cameras: of V views.
        points: ``(T, J, 3)``, m, world.
        keypoints: ``(T, V, J, 2)``, px.
        scores: ``(T, V, J)``, from 0.3 to 1; they tell nothing about what is wrong.
    """

    cameras: Cameras
    points: Tensor
    keypoints: Tensor
    scores: Tensor


def camera_ring(views: int) -> Cameras:
    """Cameras 4 m around the world's z axis, 1 m up or down, that look at the origin.

    Args:
        views: V.
    """
    angle = torch.arange(views, dtype=torch.float64) * 2 * pi / views
    # Opposite cameras are both up or both down: else they would see the origin, and
    # what is near it, along one line.
    height = torch.sin(2 * angle + 1)
    side = RADIUS * torch.stack([angle.cos(), angle.sin()], dim=-1)
    centres = torch.cat([side, height[:, None]], dim=-1)
    forward = torch.nn.functional.normalize(-centres, dim=-1)
    up = forward.new_tensor([0, 0, 1]).expand_as(forward)
    right = torch.nn.functional.normalize(torch.linalg.cross(forward, up), dim=-1)
    rotation = torch.stack([right, torch.linalg.cross(forward, right), forward], dim=1)
    intrinsics = forward.new_tensor(
        [[FOCAL, 0, SIDE / 2], [0, FOCAL, SIDE / 2], [0, 0, 1]]
    )
    return Cameras(
        intrinsics.expand(views, 3, 3),
        rotation,
        -(rotation @ centres[..., None])[..., 0],
        forward.new_tensor(LENS).expand(views, len(LENS)),
    )


def record_ring(
    views: int,
    *,
    keypoints: int,
    instants: int,
    noise: float = 2.0,
    wrong: float = 0.1,
    seed: int = 0,
) -> RingRecording:
    """Let cameras on a ring see points within half a metre of the origin.

    Args:
        views: V.
        keypoints: J.
        instants: T.
        noise: standard deviation of each coordinate, px.
        wrong: share of the keypoints that are off by `WRONG_BY` more, on top.
        seed: of all that is random.
    """
    generator = torch.Generator().manual_seed(seed)
    double: Dict[str, Any] = dict(generator=generator, dtype=torch.float64)
    cameras = camera_ring(views)
    points = torch.rand(instants, keypoints, 3, **double) - 0.5
    pixels = cameras.project(points).pixels
    spoiled = torch.rand(pixels.shape[:-1], **double) < wrong
    deviation = noise + WRONG_BY * spoiled[..., None]
    pixels += deviation * torch.randn(pixels.shape, **double)
    scores = 0.3 + 0.7 * torch.rand(pixels.shape[:-1], **double)
    return RingRecording(cameras, points, pixels, scores)
