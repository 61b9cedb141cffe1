"""Crops of people to compare two forms of a model on: given images, or drawn people."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmpose.models.pose_estimators import TopdownPoseEstimator
from torch import Tensor

from ppt_mmpose.datasets.synthetic import picture

DRAWN = 8
DRAWN_SIZE = (192, 256)  # width and height of a drawn picture, px


@dataclass(frozen=True)
class CheckImages:
    """What is compared on.

    Attributes:
        names: of B crops.
        inputs: ``(B, 3, height, width)``, as the backbone gets them: normalised.
    """

    names: List[str]
    inputs: Tensor


def check_images(
    model: TopdownPoseEstimator, cfg: Config, images: Optional[Sequence[str]] = None
) -> CheckImages:
    """Crops, made by the config's own test pipeline and preprocessor.

    Args:
        model: whose preprocessor is used.
        cfg: whose ``test_dataloader`` has the pipeline.
        images: files, and folders of them; the person fills the image. Eight drawn
            people, in their boxes, when None.

    Raises:
        FileNotFoundError: if one is missing, or a folder has no images.
        ValueError: if a file is no image.
    """
    samples = _drawn() if images is None else _of_files(images)
    pipeline = Compose(cfg.test_dataloader.dataset.pipeline)
    batch = pseudo_collate([pipeline(sample | _box(sample)) for sample in samples])
    inputs = model.data_preprocessor(batch, training=False)['inputs']
    return CheckImages([sample['img_path'] for sample in samples], inputs)


def _box(sample: Dict[str, Any]) -> Dict[str, Any]:
    height, width = sample['img'].shape[:2]
    left, top, wide, high = sample.pop('bbox_xywh', (0, 0, width, height))
    box = np.array([[left, top, left + wide, top + high]], np.float32)
    return dict(bbox=box, bbox_score=np.ones(1, np.float32))


def _drawn() -> List[Dict[str, Any]]:
    samples = []
    for index in range(1, DRAWN + 1):
        image, people = picture(0, 1, index, DRAWN_SIZE)
        name = f'drawn person {index}'
        samples.append(dict(img=image, img_path=name, bbox_xywh=people[0]['bbox']))
    return samples


def _of_files(images: Sequence[str]) -> List[Dict[str, Any]]:
    # Pillow refuses a truncated image, which OpenCV would fill with grey.
    from mmcv import imread

    samples = []
    for path in _files(images):
        try:
            image = imread(path, backend='pillow')
        except OSError:
            raise ValueError(f'images: expected an image, got {path}') from None
        samples.append(dict(img=image, img_path=str(path)))
    return samples


def _files(images: Sequence[str]) -> List[Path]:
    files: List[Path] = []
    for image in images:
        path = Path(image)
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        found = [file for file in found if not path.is_dir() or _is_image(file)]
        if not found or not path.exists():
            raise FileNotFoundError(
                f'images: expected an image or a folder of them, found none at {image}'
            )
        files += found
    return files


def _is_image(path: Path) -> bool:
    return (mimetypes.guess_type(path.name)[0] or '').startswith('image/')
