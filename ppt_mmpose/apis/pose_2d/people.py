"""The people of an image, and what finds them."""

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence

import numpy as np

from ...frames.reading import Image


@dataclass(frozen=True, eq=False)
class People:
    """The people of an image.

    Attributes:
        keypoints: ``(n, J, 2)``, px.
        scores: ``(n, J)``.
        boxes: ``(n, 4)``, px.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    boxes: np.ndarray


def joined(persons: Sequence[People], joints: int) -> People:
    """People of one image that came one by one, as top-down models give them.

    Args:
        persons: maybe none.
        joints: J.
    """
    nobody = People(
        np.zeros((0, joints, 2)), np.zeros((0, joints)), np.zeros((0, 4), np.float32)
    )
    everybody = [nobody, *persons]
    return People(
        np.concatenate([one.keypoints for one in everybody]),
        np.concatenate([one.scores for one in everybody]),
        np.concatenate([one.boxes for one in everybody]),
    )


class Estimator2D(Protocol):
    """What inferencers of videos and views ask of a 2D model; see `ImageEstimator`.

    Attributes:
        top_down: whether it is asked by `in_boxes`, or by `everybody`.
    """

    top_down: bool

    @property
    def dataset_meta(self) -> Dict[str, Any]:
        """Names, links and colours of the keypoints, as MMPose parses them."""

    @property
    def detects(self) -> bool:
        """Whether it can find people."""

    def detect(self, images: Sequence[Image]) -> List[np.ndarray]:
        """Boxes ``(n, 4)``, px, of the people in each image, for a top-down model."""

    def in_boxes(
        self,
        images: Sequence[Image],
        boxes: Sequence[np.ndarray],
        views: Optional[Sequence[Mapping[str, Any]]] = None,
    ) -> List[People]:
        """The person of a box ``(4,)`` in each image.

        Args:
            images: of one camera; or views of whole instants, one instant after
                another.
            boxes: one of each image, px.
            views: of each view its ``group_id``, ``view_id`` and ``camera``, as the
                samples of `MultiViewFolderDataset` tell them; None of one camera.
        """

    def everybody(self, images: Sequence[Image]) -> List[People]:
        """The people in each image."""
