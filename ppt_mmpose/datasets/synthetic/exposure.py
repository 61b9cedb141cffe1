"""What a lens and a sensor make of a drawn picture."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def exposed(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with blur, exposure, colour cast and noise.

    Args:
        image: ``(height, width, 3)``, uint8, BGR.
        rng: everything is drawn from it.
    """
    sharp: NDArray[Any] = image
    if rng.uniform() < 0.4:
        sharp = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.1)))
    gain = rng.uniform(0.75, 1.25) * rng.normal(1, 0.05, 3)
    noise = rng.standard_normal(image.shape[:2], np.float32)[..., None]
    noisy = sharp * gain.astype(np.float32) + noise * np.float32(rng.uniform(0, 7))
    return np.clip(noisy, 0, 255).astype(np.uint8)
