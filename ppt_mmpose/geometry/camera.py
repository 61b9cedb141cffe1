"""Cameras, and the conventions of everything that has to do with them.

====================  ==============================================================
vectors               columns; ``x_cam = rotation @ x_world + translation``
camera axes           x to the right of the image, y down, z along the view (OpenCV)
world                 metres, right-handed; which way is up is the calibration's own
pixels                ``(x, y)``; (0, 0) is the **centre** of the upper left pixel, so
                      an image of width w reaches from -0.5 to w - 0.5 (OpenCV, MMPose)
intrinsics            ``[[fx, skew, cx], [0, fy, cy], [0, 0, 1]]``, px; of an image
                      that was turned or mirrored any invertible 2x2 matrix, beside
                      ``cx`` and ``cy``
distortion            OpenCV's, see `geometry.distortion`; acts at depth 1, before the
                      intrinsics, so that cropping and resizing leave it alone
precision             cameras are float64; what they return has that type, too
====================  ==============================================================

The centre of a camera in the world is ``-rotation.T @ translation``. Calibrations that
give the centre, the transposed rotation, another unit or other axes are converted when
they are read (`ppt_mmpose.calibration`).
"""

from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple, Optional, Sequence, Union

import torch
from torch import Tensor

from . import distortion as lens

# A point nearer to the plane of the camera than this, m, has no picture.
MIN_DEPTH = 1e-6
# The largest entry of R R^T - I that is taken for rounding.
_ROTATION_TOLERANCE = 1e-4
# px; below it there is no image.
_MIN_FOCAL = 1e-9
_NO_LENS = torch.zeros(0)


class Projection(NamedTuple):
    """Points in images.

    Attributes:
        pixels: ``(..., V, J, 2)``, px. A point that is not in front of a camera is put
            at its principal point, without gradient.
        depth: ``(..., V, J)``, m along the camera's axis; the point is in front of the
            camera where it is above `MIN_DEPTH`.
    """

    pixels: Tensor
    depth: Tensor

    @property
    def in_front(self) -> Tensor:
        """``(..., V, J)``, bool."""
        return self.depth > MIN_DEPTH


@dataclass(frozen=True, eq=False)
class Cameras:
    """V pinhole cameras with lenses; with leading dimensions, many such sets.

    Differentiable in all its tensors. Conventions: see the module.

    Args:
        intrinsics: ``(..., V, 3, 3)``, px.
        rotation: ``(..., V, 3, 3)``, world to camera.
        translation: ``(..., V, 3)``, m, world to camera.
        distortion: ``(..., V, n)`` with n up to 12, OpenCV's order; without it, no
            lens.

    Raises:
        ValueError: for a shape that does not fit, a value that is not finite, a focal
            length of 0, or a matrix that is no rotation, naming the
            view.
    """

    intrinsics: Tensor
    rotation: Tensor
    translation: Tensor
    distortion: Tensor = _NO_LENS

    def __post_init__(self) -> None:
        leading = self.rotation.shape[:-2]
        shapes = dict(intrinsics=(3, 3), rotation=(3, 3), translation=(3,))
        for name, last in shapes.items():
            value = torch.as_tensor(getattr(self, name))
            expected = (*leading, *last)
            if not leading or tuple(value.shape) != expected:
                raise ValueError(
                    f'{name}: expected the shape (..., V, {", ".join(map(str, last))})'
                    f" with the rotation's (..., V) = {tuple(leading)}, got "
                    f'{tuple(value.shape)}'
                )
            object.__setattr__(self, name, value.to(torch.float64))
        object.__setattr__(self, 'distortion', self._twelve(leading))
        self._check_values()

    def _twelve(self, leading: Sequence[int]) -> Tensor:
        given = self.distortion
        if given.numel() == 0:
            given = self.rotation.new_zeros(*leading, 0)
        count = len(lens.COEFFICIENTS)
        if tuple(given.shape[:-1]) != tuple(leading) or given.shape[-1] > count:
            raise ValueError(
                f'distortion: expected the shape (..., V, at most {count}) with the '
                f"rotation's (..., V) = {tuple(leading)}, got {tuple(given.shape)}"
            )
        missing = count - given.shape[-1]
        return torch.nn.functional.pad(given.to(torch.float64), (0, missing))

    def _check_values(self) -> None:
        for name in ('intrinsics', 'rotation', 'translation', 'distortion'):
            finite = getattr(self, name).flatten(self.rotation.ndim - 2).isfinite()
            self._refuse(~finite.all(-1), name, 'finite numbers')
        flat = self.focal.detach() < _MIN_FOCAL
        self._refuse(flat, 'intrinsics', 'focal lengths other than 0')
        identity = torch.eye(3, dtype=torch.float64, device=self.rotation.device)
        deviation = self.rotation @ self.rotation.mT - identity
        none = deviation.abs().flatten(-2).amax(-1) > _ROTATION_TOLERANCE
        none |= torch.linalg.det(self.rotation.detach()) < 0
        expected = 'a rotation (orthonormal, determinant 1)'
        self._refuse(none, 'rotation', expected)

    def _refuse(self, wrong: Tensor, name: str, expected: str) -> None:
        if wrong.any():
            first = tuple(wrong.nonzero()[0].tolist())
            value = getattr(self, name)[first].tolist()
            raise ValueError(
                f'{name} of view {first[-1]}: expected {expected}, got {value}'
            )

    def __len__(self) -> int:
        """V."""
        return self.rotation.shape[-3]

    @property
    def centres(self) -> Tensor:
        """``(..., V, 3)``, where the cameras are in the world, m."""
        return -(self.rotation.mT @ self.translation[..., None])[..., 0]

    @property
    def focal(self) -> Tensor:
        """``(..., V)``, px, the geometric mean of the focal lengths in x and y."""
        (a, b), (c, d) = (
            row.unbind(-1) for row in self.intrinsics[..., :2, :2].unbind(-2)
        )
        return (a * d - b * c).abs().sqrt()

    def select(self, views: Sequence[int]) -> 'Cameras':
        """The cameras of these views, in this order."""
        index = torch.as_tensor(views, device=self.rotation.device)
        return Cameras(
            self.intrinsics.index_select(-3, index),
            self.rotation.index_select(-3, index),
            self.translation.index_select(-2, index),
            self.distortion.index_select(-2, index),
        )

    def to(self, device: Union[str, torch.device]) -> 'Cameras':
        """The same cameras on a device."""
        return Cameras(
            self.intrinsics.to(device),
            self.rotation.to(device),
            self.translation.to(device),
            self.distortion.to(device),
        )

    def sets(self, leading: Sequence[int] = ()) -> 'Cameras':
        """Cameras ``(G, V)``: expanded to leading dimensions, and these made one."""
        count = prod(leading or self.rotation.shape[:-3])

        def flat(values: Tensor, last: int) -> Tensor:
            own = values.shape[-last:]
            return values.expand(*leading, *own).reshape(count, *own)

        return Cameras(
            flat(self.intrinsics, 3),
            flat(self.rotation, 3),
            flat(self.translation, 2),
            flat(self.distortion, 2),
        )

    def __getitem__(self, sets: Union[slice, Tensor]) -> 'Cameras':
        """Of many sets of cameras these, by the first leading dimension."""
        return Cameras(
            self.intrinsics[sets],
            self.rotation[sets],
            self.translation[sets],
            self.distortion[sets],
        )

    def without_distortion(self) -> 'Cameras':
        """The cameras that `undistort` leads to: the same without lenses."""
        return replace(self, distortion=torch.zeros_like(self.distortion))

    def transformed(self, affine: Tensor) -> 'Cameras':
        """The cameras of images that were cropped, resized or otherwise warped.

        Args:
            affine: ``(..., V, 2, 3)``, from pixels of the old image to pixels of the
                new one, as `cv2.warpAffine` takes it.
        """
        affine = affine.to(self.intrinsics)
        last = affine.new_tensor([0.0, 0.0, 1.0]).expand(*affine.shape[:-2], 1, 3)
        matrix = torch.cat([affine, last], dim=-2) @ self.intrinsics
        leading = matrix.shape[:-2]
        return Cameras(
            matrix,
            self.rotation.expand(*leading, 3, 3),
            self.translation.expand(*leading, 3),
            self.distortion.expand(*leading, -1),
        )

    def cropped(self, left: float, top: float) -> 'Cameras':
        """The cameras of images that begin at this pixel of the old ones."""
        return self.transformed(
            self.intrinsics.new_tensor([[1, 0, -left], [0, 1, -top]]).expand(
                *self.rotation.shape[:-2], 2, 3
            )
        )

    def resized(self, scale_x: float, scale_y: Optional[float] = None) -> 'Cameras':
        """The cameras of images resized by these factors, as `cv2.resize` does it.

        The outer borders of the images are mapped onto each other, not the centres of
        the first pixels.
        """
        scale_y = scale_x if scale_y is None else scale_y
        shift_x, shift_y = (scale_x - 1) / 2, (scale_y - 1) / 2
        return self.transformed(
            self.intrinsics.new_tensor(
                [[scale_x, 0, shift_x], [0, scale_y, shift_y]]
            ).expand(*self.rotation.shape[:-2], 2, 3)
        )

    def to_camera(self, points: Tensor) -> Tensor:
        """World points ``(..., J, 3)``, m, in camera coordinates ``(..., V, J, 3)``."""
        points = points.to(self.rotation)[..., None, :, :]
        return points @ self.rotation.mT + self.translation[..., None, :]

    def project(self, points: Tensor) -> Projection:
        """Pictures of world points, with distortion.

        As in OpenCV, a point far outside the field of view may be bent back into the
        image by the polynomial of the lens.

        Args:
            points: ``(..., J, 3)``, m; leading dimensions are broadcast against the
                cameras'.
        """
        in_camera = self.to_camera(points)
        depth = in_camera[..., 2]
        seen = (depth > MIN_DEPTH)[..., None]
        safe = torch.where(seen, in_camera, in_camera.new_tensor([0.0, 0.0, 1.0]))
        flat = safe[..., :2] / safe[..., 2:]
        return Projection(self._to_pixels(self._bent(flat)), depth)

    def normalised(self, pixels: Tensor) -> lens.Undistorted:
        """Pixels ``(..., V, J, 2)`` as undistorted points at depth 1."""
        flat = self._from_pixels(pixels.to(self.rotation))
        return lens.undistort(flat, self.distortion[..., None, :])

    def undistort(self, pixels: Tensor) -> lens.Undistorted:
        """Pixels ``(..., V, J, 2)`` as a camera without lens would show them."""
        points, found = self.normalised(pixels)
        return lens.Undistorted(self._to_pixels(points), found)

    def distort(self, pixels: Tensor) -> Tensor:
        """Pixels ``(..., V, J, 2)`` of a camera without lens as the lens shows them."""
        return self._to_pixels(self._bent(self._from_pixels(pixels.to(self.rotation))))

    def _bent(self, flat: Tensor) -> Tensor:
        if not lens.matters(self.distortion):
            return flat
        return lens.distort(flat, self.distortion[..., None, :])

    def _to_pixels(self, flat: Tensor) -> Tensor:
        return flat @ self.intrinsics[..., :2, :2].mT + self._principal

    def _from_pixels(self, pixels: Tensor) -> Tensor:
        (a, b), (c, d) = (
            row.unbind(-1) for row in self.intrinsics[..., None, :2, :2].unbind(-2)
        )
        x, y = (pixels - self._principal).unbind(-1)
        determinant = a * d - b * c
        flat = (d * x - b * y) / determinant, (a * y - c * x) / determinant
        return torch.stack(flat, dim=-1)

    @property
    def _principal(self) -> Tensor:
        return self.intrinsics[..., None, :2, 2]
