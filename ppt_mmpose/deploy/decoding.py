"""Heatmaps to keypoints in torch, so that an exported graph needs no Python after it.

The same numbers as ``decode`` of MMPose's codecs: the maximum of each heatmap, refined
as DARK does (Zhang et al., CVPR 2020; in UDP's form Huang et al., CVPR 2020) or by a
quarter of a cell. One deviation: where a heatmap is zero everywhere, MMPose divides
zero by zero and its keypoint is not a number; here it stays where the heatmaps without
a positive value have theirs.
"""

from typing import Any, Sequence, Tuple

import cv2
import torch
from mmpose.codecs import MSRAHeatmap, UDPHeatmap
from torch import Tensor, nn
from torch.nn import functional as F

# MMPose's own: the range of blurred values whose logarithm is taken.
UDP_RANGE = (1e-3, 50.0)
MSRA_LOWEST = 1e-10


def decoding_of(codec: Any) -> nn.Module:
    """A module that decodes a batch of heatmaps as a codec does.

    It takes heatmaps ``(B, J, height, width)`` and gives keypoints ``(B, J, 2)``, x and
    y in px of the input image as the codec counts them, and scores ``(B, J)``, the
    maxima.

    Args:
        codec: of MMPose.

    Raises:
        ValueError: if the codec is of another kind, or its kernel is none.
    """
    kind = type(codec)
    if kind is UDPHeatmap and codec.heatmap_type == 'gaussian':
        return UDPDecoding(codec)
    if kind is MSRAHeatmap:
        return MSRADecoding(codec)
    what = kind.__name__
    if kind is UDPHeatmap:
        what += f' with heatmap_type={codec.heatmap_type!r}'
    raise ValueError(
        'codec: expected UDPHeatmap with gaussian heatmaps or MSRAHeatmap, which the '
        f'graph can decode, got {what}; export heatmaps instead, without decoding'
    )


class UDPDecoding(nn.Module):
    """Maxima, refined as MMPose's ``refine_keypoints_dark_udp`` does.

    Args:
        codec: UDPHeatmap with gaussian heatmaps.
    """

    scale: Tensor
    around: Tensor

    def __init__(self, codec: UDPHeatmap) -> None:
        super().__init__()
        width, height = codec.heatmap_size
        self.blur = Blur(width, height, codec.blur_kernel_size)
        size = torch.tensor(codec.input_size, dtype=torch.float32)
        self.register_buffer('scale', size / torch.tensor((width - 1, height - 1)))
        # Where the neighbours lie in a padded heatmap: (x, y) of each.
        row = width + 2
        places = ((0, 0), (1, 0), (0, 1), (1, 1), (-1, -1), (-1, 0), (0, -1))
        self.register_buffer('around', torch.tensor([x + row * y for x, y in places]))
        self.area = row * (height + 2)

    def forward(self, heatmaps: Tensor) -> Tuple[Tensor, Tensor]:
        """Keypoints ``(B, J, 2)`` and scores ``(B, J)`` of B x J heatmaps."""
        keypoints, scores = maxima(heatmaps)
        logs = self.blur(heatmaps).clamp(*UDP_RANGE).log()
        padded = F.pad(logs, (1, 1, 1, 1), mode='replicate')
        joints = heatmaps.shape[1]
        index = keypoints[..., 0] + 1 + (keypoints[..., 1] + 1) * padded.shape[-1]
        index = index + self.area * torch.arange(joints, device=heatmaps.device)
        # As in MMPose, where a heatmap without a positive value has its keypoint at
        # (-1, -1), the heatmap before it lends its last values.
        index = (index[..., None] + self.around) % (joints * self.area)
        near = padded.flatten(1).gather(1, index.flatten(1)).unflatten(1, (joints, -1))
        here, right, below, corner, other, left, above = near.unbind(-1)
        step = newton_step(
            0.5 * (right - left),
            0.5 * (below - above),
            xx=right - 2 * here + left + torch.finfo(torch.float32).eps,
            yy=below - 2 * here + above + torch.finfo(torch.float32).eps,
            xy=0.5 * (corner - right - below + here + here - left - above + other),
        )
        return (keypoints - step) * self.scale, scores


class MSRADecoding(nn.Module):
    """Maxima, refined as MMPose's ``refine_keypoints_dark`` or ``refine_keypoints``.

    Args:
        codec: MSRAHeatmap; with ``unbiased`` it is DARK, and otherwise a quarter of a
            cell towards the higher neighbour.
    """

    scale: Tensor

    def __init__(self, codec: MSRAHeatmap) -> None:
        super().__init__()
        width, height = codec.heatmap_size
        self.width, self.height = width, height
        self.blur = (
            Blur(width, height, codec.blur_kernel_size) if codec.unbiased else None
        )
        self.register_buffer('scale', torch.from_numpy(codec.scale_factor))

    def forward(self, heatmaps: Tensor) -> Tuple[Tensor, Tensor]:
        """Keypoints ``(B, J, 2)`` and scores ``(B, J)`` of B x J heatmaps."""
        keypoints, scores = maxima(heatmaps)
        if self.blur is None:
            step = self._quarter(heatmaps, keypoints)
        else:
            step = self._dark(self.blur(heatmaps), keypoints)
        return (keypoints + step) * self.scale, scores

    def _dark(self, blurred: Tensor, keypoints: Tensor) -> Tensor:
        logs = blurred.clamp(min=MSRA_LOWEST).log()
        x, y = keypoints.unbind(-1)
        inside = (x > 1) & (x < self.width - 2) & (y > 1) & (y < self.height - 2)
        places = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0)]
        places += [(0, 2), (0, -2), (1, 1), (1, -1), (-1, 1), (-1, -1)]
        near = self._near(logs, keypoints, places)
        here, right, left, below, above = near[:5]
        xx = 0.25 * (near[5] - 2 * here + near[6])
        yy = 0.25 * (near[7] - 2 * here + near[8])
        xy = 0.25 * (near[9] - near[10] - near[11] + near[12])
        regular = inside & (xx * yy - xy**2 != 0)
        flat = (~regular).to(xx.dtype)
        step = newton_step(
            0.5 * (right - left),
            0.5 * (below - above),
            xx=xx + flat,
            yy=yy + flat,
            xy=xy,
        )
        return torch.where(regular[..., None], -step, 0.0)

    def _quarter(self, heatmaps: Tensor, keypoints: Tensor) -> Tensor:
        x, y = keypoints.unbind(-1)
        places = [(1, 0), (-1, 0), (0, 1), (0, -1)]
        right, left, below, above = self._near(heatmaps, keypoints, places)
        along_x = (x > 1) & (x < self.width - 1) & (y > 0)
        along_y = (y > 1) & (y < self.height - 1) & (x > 0)
        dx = (right - left).sign() * along_x
        dy = (below - above).sign() * along_y
        return 0.25 * torch.stack((dx, dy), dim=-1)

    def _near(
        self, maps: Tensor, keypoints: Tensor, places: Sequence[Tuple[int, int]]
    ) -> Tuple[Tensor, ...]:
        """Values at ``places`` around keypoints; at the border those of its cells."""
        apart = torch.tensor(places, device=maps.device)
        at = keypoints[:, :, None] + apart
        x = at[..., 0].clamp(0, self.width - 1)
        y = at[..., 1].clamp(0, self.height - 1)
        return maps.flatten(2).gather(2, x + y * self.width).unbind(-1)


class Blur(nn.Module):
    """A Gaussian blur that keeps the maximum, as MMPose's ``gaussian_blur``.

    Outside of the heatmap there are zeros, so each of its two passes is a product with
    a band matrix.

    Args:
        width: of the heatmap.
        height: of the heatmap.
        kernel: cells of the Gaussian, an odd number from 3 on.

    Raises:
        ValueError: if the kernel is another number.
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, width: int, height: int, kernel: int) -> None:
        super().__init__()
        if kernel < 3 or kernel % 2 == 0:
            raise ValueError(
                f'blur_kernel_size: expected an odd number from 3 on, got {kernel}'
            )
        self.register_buffer('rows', band_matrix(height, kernel))
        self.register_buffer('columns', band_matrix(width, kernel))

    def forward(self, heatmaps: Tensor) -> Tensor:
        """Blurred heatmaps, of the same shape ``(B, J, height, width)``."""
        blurred = self.rows @ heatmaps @ self.columns
        highest = blurred.amax((-2, -1), keepdim=True)
        factor = heatmaps.amax((-2, -1), keepdim=True) / highest
        return blurred * torch.where(highest == 0, 1.0, factor)


def band_matrix(size: int, kernel: int) -> Tensor:
    """``(size, size)``, symmetric: row i holds OpenCV's Gaussian, centred at i."""
    gaussian = torch.from_numpy(cv2.getGaussianKernel(kernel, 0, cv2.CV_32F))[:, 0]
    apart = torch.arange(size) - torch.arange(size)[:, None] + kernel // 2
    inside = (apart >= 0) & (apart < kernel)
    return gaussian[apart.clamp(0, kernel - 1)] * inside


def maxima(heatmaps: Tensor) -> Tuple[Tensor, Tensor]:
    """Where heatmaps are highest, as MMPose's ``get_heatmap_maximum``.

    Args:
        heatmaps: ``(B, J, height, width)``.

    Returns:
        Column and row ``(B, J, 2)``, int64, of equal ones the first; (-1, -1) where no
        value is positive. And the values there ``(B, J)``.
    """
    width = heatmaps.shape[-1]
    flat = heatmaps.flatten(2)
    place, highest = flat.argmax(-1), flat.amax(-1)
    column_row = torch.stack((place % width, place // width), dim=-1)
    return torch.where(highest[..., None] > 0, column_row, -1), highest


def newton_step(
    dx: Tensor, dy: Tensor, *, xx: Tensor, yy: Tensor, xy: Tensor
) -> Tensor:
    """``(..., 2)``: inverse of the second derivatives, times the first ones."""
    determinant = xx * yy - xy * xy
    across, down = yy * dx - xy * dy, xx * dy - xy * dx
    return torch.stack((across, down), dim=-1) / determinant[..., None]
