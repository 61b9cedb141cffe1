"""Tiny recordings: grey frames whose brightness tells camera and frame."""

from pathlib import Path

import cv2
import numpy as np
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras

SIZE = (64, 48)  # width, height


def calibration(*names, size=SIZE):
    """Cameras side by side."""
    count = len(names)
    intrinsics = torch.tensor([[50.0, 0, 31.5], [0, 50, 23.5], [0, 0, 1]])
    translation = torch.zeros(count, 3)
    translation[:, 0] = torch.arange(count)
    cameras = Cameras(
        intrinsics.expand(count, 3, 3), torch.eye(3).expand(count, 3, 3), translation
    )
    return Calibration(names, cameras, (size,) * count)


def grey(level, size=SIZE):
    """An image of one brightness."""
    return np.full((size[1], size[0], 3), level, np.uint8)


def level(image):
    """The brightness, to the nearest ten, which survives compression."""
    return 10 * round(float(image.mean()) / 10)


def write_images(folder, levels, *, suffix='.png', size=SIZE):
    """Images by stem."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for stem, value in levels.items():
        assert cv2.imwrite(str(Path(folder, stem + suffix)), grey(value, size))


def write_video(path, levels, *, rate=25, size=SIZE):
    """A video of these frames."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), rate, size)
    for value in levels:
        writer.write(grey(value, size))
    writer.release()
