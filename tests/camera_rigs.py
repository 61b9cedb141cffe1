"""Cameras on a ring around people, for tests."""

import torch

from ppt_mmpose.geometry import Cameras

# Of a real wide-angle lens: k1 k2 p1 p2 k3.
LENS = (-0.207, 0.248, -0.0014, -0.00098, -0.003)


def looking_at_origin(centres, focal=1000.0, lens=()):
    """Cameras at these places (V, 3), m, that look at the world's origin, z up."""
    centres = torch.as_tensor(centres, dtype=torch.float64)
    forward = torch.nn.functional.normalize(-centres, dim=-1)
    up = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64).expand_as(forward)
    right = torch.nn.functional.normalize(torch.linalg.cross(forward, up), dim=-1)
    rotation = torch.stack([right, torch.linalg.cross(forward, right), forward], dim=-2)
    translation = -(rotation @ centres[..., None])[..., 0]
    intrinsics = torch.tensor([[focal, 0, 500], [0, focal, 400], [0, 0, 1]])
    return Cameras(
        intrinsics.double().expand(len(centres), 3, 3),
        rotation,
        translation,
        torch.tensor(lens, dtype=torch.float64).expand(len(centres), -1),
    )


def ring(views, radius=4.0, lens=LENS):
    """Cameras on a ring (V), each at a height of its own."""
    angle = torch.arange(views, dtype=torch.float64) * 2 * torch.pi / views
    height = 1 + 0.5 * torch.sin(3 * angle + 1)
    centres = [radius * torch.cos(angle), radius * torch.sin(angle), height]
    return looking_at_origin(torch.stack(centres, dim=-1), lens=lens)


def people(*shape, seed=0):
    """Points (*shape, 3) within half a metre of the origin."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(*shape, 3, generator=generator, dtype=torch.float64) - 0.5
