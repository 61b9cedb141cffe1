"""A 2D model that knows the answers: its images say which instant they are."""

import numpy as np
import torch
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.apis.multiview import MultiViewPoseInferencer, People

COCO_META = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/coco.py'))


def frame(view, instant, size):
    """A black image that has its view and instant in the first pixel."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[0, 0] = view, instant % 256, instant // 256
    return image


def frames(calibration, instants):
    """Images of all views, as `open_sources` takes them."""
    return [
        [frame(view, instant, size) for instant in range(instants)]
        for view, size in enumerate(calibration.image_sizes)
    ]


class MadeEstimator:
    """Answers with the projections of known keypoints; an `Estimator2D`.

    Args:
        calibration: V cameras.
        poses: (T, J, 3), m.
        meta: of J keypoints.
        top_down: asked by boxes, in which keypoints have their score, and outside 0.
        detects: whether a top-down one has a detector.
        counts: by (instant, view) how many people are found, where it is not one. The
            others stand beside the right one, which comes last.
        wrong: by (instant, view) how far all keypoints are moved, px.
        scores: (T, V, J), or a number.
    """

    def __init__(
        self,
        calibration,
        poses,
        meta=COCO_META,
        *,
        top_down=True,
        detects=False,
        counts=None,
        wrong=None,
        scores=0.9,
    ):
        self.dataset_meta = meta
        self.top_down = top_down
        self.detects = detects or not top_down
        self.pixels = calibration.cameras.project(torch.as_tensor(poses)).pixels.numpy()
        self.scores = np.broadcast_to(scores, self.pixels.shape[:-1])
        self.counts, self.wrong = counts or {}, wrong or {}
        self.asked = []  # (instant, view, box) of every image
        self.calls = []  # how many images at once

    def _people(self, image):
        view, low, high = (int(number) for number in image[0, 0])
        place = low + 256 * high, view
        keypoints = self.pixels[place] + self.wrong.get(place, (0, 0))
        count = self.counts.get(place, 1)
        beside = np.arange(count)[::-1, None, None] * 30.0
        return place, keypoints + beside, np.tile(self.scores[place], (count, 1))

    def detect(self, images):
        return [_around(self._people(image)[1]) for image in images]

    def in_boxes(self, images, boxes, views):
        self.calls.append(len(images))
        people = []
        for image, box in zip(images, boxes):
            place, keypoints, scores = self._people(image)
            self.asked.append((*place, np.asarray(box).tolist()))
            # A top-down model always answers; without anybody, with low scores.
            if len(keypoints) == 0:
                keypoints = np.zeros((1, *self.pixels.shape[2:]))
                scores = np.zeros(keypoints.shape[:2])
            keypoints, scores = keypoints[-1:], scores[-1:]
            # Boxes are float32.
            inside = keypoints >= np.subtract(box[:2], 1e-3)
            inside &= keypoints <= np.add(box[2:], 1e-3)
            scores = scores * inside.all(-1)
            people.append(People(keypoints, scores, np.asarray(box)[None]))
        return people

    def everybody(self, images):
        self.calls.append(len(images))
        people = []
        for image in images:
            place, keypoints, scores = self._people(image)
            self.asked.append((*place, None))
            people.append(People(keypoints, scores, _around(keypoints)))
        return people


def _around(keypoints):
    if len(keypoints) == 0:
        return np.zeros((0, 4), np.float32)
    corners = [keypoints.min(1), keypoints.max(1)]
    return np.concatenate(corners, axis=-1).astype(np.float32)


def run_of(calibration, poses, inputs=None, *, rate=None, **options):
    """A run of made-up frames, and the estimator behind it."""
    estimator = MadeEstimator(calibration, poses, **options)
    inferencer = MultiViewPoseInferencer(estimator, calibration=calibration)
    inputs = frames(calibration, len(poses)) if inputs is None else inputs
    return inferencer.open(inputs, rate=rate), estimator
