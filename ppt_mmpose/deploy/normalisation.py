"""What becomes of pixels before a network sees them, and how two ways of it differ."""

from dataclasses import dataclass
from typing import Any, ClassVar, Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Normalisation:
    """Channels in an order, each minus its mean and divided by its deviation.

    Attributes:
        channel_order: ``RGB`` or ``BGR``.
        mean: of each channel, in this order.
        std: of each channel, in this order.
    """

    channel_order: str
    mean: Tuple[float, ...]
    std: Tuple[float, ...]

    RTMLIB: ClassVar['Normalisation']

    @classmethod
    def of_preprocessor(cls, config: Mapping[str, Any]) -> 'Normalisation':
        """That of MMPose's data preprocessor; datasets read images as BGR."""
        swaps = config.get('bgr_to_rgb', False) or config.get('rgb_to_bgr', False)
        return cls(
            'RGB' if swaps else 'BGR',
            tuple(config.get('mean') or (0.0, 0.0, 0.0)),
            tuple(config.get('std') or (1.0, 1.0, 1.0)),
        )

    def apply(self, pixels: Array) -> NDArray[np.float32]:
        """Normalise BGR ``(..., height, width, 3)`` to ``(..., 3, height, width)``."""
        if self.channel_order == 'RGB':
            pixels = pixels[..., ::-1]
        images = (pixels - np.array(self.mean)) / np.array(self.std)
        return np.ascontiguousarray(np.moveaxis(images, -1, -3), np.float32)

    def undo(self, images: Array) -> NDArray[np.float64]:
        """The pixels, BGR, that :meth:`apply` was given; shapes as there."""
        pixels = np.moveaxis(images.astype(np.float64), -3, -1)
        pixels = pixels * np.array(self.std) + np.array(self.mean)
        return pixels[..., ::-1] if self.channel_order == 'RGB' else pixels

    def becoming(self, other: 'Normalisation') -> Tuple[bool, Array, Array]:
        """How to make images of another normalisation out of those of this one.

        Returns:
            Whether to reverse the channels, and then what to multiply each with and
            what to add, ``(3,)`` each.
        """
        swap = self.channel_order != other.channel_order
        order = slice(None, None, -1) if swap else slice(None)
        mean, std = np.array(self.mean)[order], np.array(self.std)[order]
        own_mean, own_std = np.array(other.mean), np.array(other.std)
        return swap, std / own_std, (mean - own_mean) / own_std


# rtmlib takes OpenCV's images, and uses the values of RGB for their channels.
Normalisation.RTMLIB = Normalisation(
    'BGR', (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
)
