"""Images or videos of several cameras to keypoints in the world."""

from itertools import count, islice
from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch

from ...calibration import Calibration, read_calibration
from ...datasets.multiview_folder.frames import Image
from ...geometry import triangulate
from ...motion_files import Instant, Recording
from .detections import expected_boxes
from .given_boxes import BoxesOfViews, ViewBoxes
from .person_finder import Boxes, Person, PersonFinder
from .sources import SynchronisedViews, open_sources
from .view_estimator import ViewEstimator

# The sides of a box in those of its keypoints, as of MMPose's top-down datasets.
_PADDING = 1.25
_DEFAULT_RATE = 30.0


class MultiViewPoseInferencer:
    """Keypoints of one person in 3D, from synchronised calibrated cameras.

    In every view a 2D model of MMPose finds the keypoints; the views are triangulated.
    Instants are read, worked on and given one after another, in memory that does not
    grow with their number.

    Where the person is in a view is told, in this order, by ``boxes``; with ``track``,
    by the 3D keypoints of the instant before; by the detector; or it fills the image.

    Args:
        pose2d: a config of a 2D model of MMPose or its name; or a `ViewEstimator`.
        weights: its checkpoint.
        calibration: of the cameras, or its file (`ppt_mmpose.calibration`); may be left
            out for recordings in a folder that has one.
        device: such as ``cuda:0``; the best that there is when None.
        det_model: a config or name of a detector of MMDetection.
        det_weights: its checkpoint.
        det_cat_ids: what it calls people.
    """

    def __init__(
        self,
        pose2d: Union[str, ViewEstimator],
        weights: Optional[str] = None,
        calibration: Union[Calibration, str, Path, None] = None,
        *,
        device: Optional[str] = None,
        det_model: Optional[str] = None,
        det_weights: Optional[str] = None,
        det_cat_ids: Union[int, Sequence[int]] = 0,
    ) -> None:
        if isinstance(calibration, (str, Path)):
            calibration = read_calibration(calibration)
        self.calibration = calibration
        if isinstance(pose2d, str):
            pose2d = ViewEstimator(
                pose2d,
                weights,
                device,
                det_model=det_model,
                det_weights=det_weights,
                det_cat_ids=det_cat_ids,
            )
        self.estimator = pose2d

    def open(self, inputs: Any, *, rate: Optional[float] = None) -> 'MultiViewRun':
        """Open the views of a recording, which is then gone through once.

        Args:
            inputs: a folder of a recording; or of each camera, by its name or in the
                calibration's order, a folder of images, a video, or images in memory
                (`open_sources`).
            rate: instants a second; that of the videos, or 30, when None.

        Raises:
            ValueError: as `open_sources` raises it.
        """
        return MultiViewRun(
            self.estimator, open_sources(inputs, self.calibration), rate
        )

    def __call__(
        self, inputs: Any, *, rate: Optional[float] = None, **options: Any
    ) -> Iterator[Instant]:
        """What was found, instant by instant.

        Args:
            inputs: see `open`.
            rate: see `open`.
            **options: of `MultiViewRun.instants`.
        """
        for instant, _ in self.open(inputs, rate=rate).instants(**options):
            yield instant


class MultiViewRun:
    """A recording on its way through the models.

    Args:
        estimator: of 2D keypoints.
        views: to go through.
        rate: instants a second; that of the views, or 30, when None.
    """

    def __init__(
        self,
        estimator: ViewEstimator,
        views: SynchronisedViews,
        rate: Optional[float] = None,
    ) -> None:
        meta = estimator.dataset_meta
        names = meta['keypoint_id2name']
        self.estimator = estimator
        self.views = views
        self.calibration = views.calibration
        self.recording = Recording(
            camera_names=views.names,
            keypoint_names=tuple(names[number] for number in range(len(names))),
            links=tuple((int(a), int(b)) for a, b in meta['skeleton_links']),
            rate=rate or views.rate or _DEFAULT_RATE,
        )

    def instants(
        self,
        *,
        boxes: Optional[BoxesOfViews] = None,
        track: bool = False,
        batch_size: int = 4,
        score_thr: float = 0.3,
        method: str = 'robust',
        threshold: Optional[float] = None,
    ) -> Iterator[Tuple[Instant, List[Optional[Image]]]]:
        """Go through the recording.

        Args:
            boxes: see `ViewBoxes`.
            track: look for the person where it was an instant before. Instants then
                depend on each other, and go through the model one by one.
            batch_size: instants that go through the model at once.
            score_thr: 2D keypoints with a lower score are missing.
            method: of `triangulate`.
            threshold: of `triangulate`, px.

        Returns:
            Each instant, and its images ``(V)``, BGR.

        Raises:
            ValueError: for options that contradict each other; several people in a view
                of which none is the tracked one; and what reading raises.
        """
        if boxes is not None and track:
            raise ValueError('track: has no effect with boxes; expected one of them')
        if batch_size < 1:
            raise ValueError(f'batch_size: expected at least 1, got {batch_size}')
        given = None if boxes is None else ViewBoxes(boxes, self.calibration)
        finder = PersonFinder(self.estimator, self.views.names)
        numbers = count()
        known: Optional[Boxes] = None
        while read := list(islice(self.views, 1 if track else batch_size)):
            batch = [
                (next(numbers), name, [views[view] for view in self.views.names])
                for name, views in read
            ]
            names, images = [one[1] for one in batch], [one[2] for one in batch]
            expected = [known if given is None else given.of(*one[:2]) for one in batch]
            people = finder.find(names, images, expected)
            for instant in self._instants(batch, people, score_thr, method, threshold):
                yield instant, images[instant.index - batch[0][0]]
            if track:
                known = self._where(instant, images[-1])

    def _instants(
        self,
        batch: Sequence[Tuple[int, str, Sequence[Optional[Image]]]],
        people: Sequence[Sequence[Person]],
        score_thr: float,
        method: str,
        threshold: Optional[float],
    ) -> Iterator[Instant]:
        shape = len(batch), len(self.calibration), len(self.recording.keypoint_names)
        keypoints, scores = np.zeros((*shape, 2)), np.zeros(shape)
        boxes, seen = np.zeros((*shape[:2], 4)), np.zeros(shape[:2], bool)
        for place in np.ndindex(shape[:2]):
            person = people[place[0]][place[1]]
            if person is not None:
                keypoints[place], scores[place] = person.keypoints[0], person.scores[0]
                boxes[place], seen[place] = person.boxes[0], True
        found = triangulate(
            self.calibration.cameras,
            torch.from_numpy(keypoints),
            torch.from_numpy(np.where(scores >= score_thr, scores, 0)),
            method=method,
            threshold=threshold,
        )
        for index, (number, name, _) in enumerate(batch):
            yield Instant(
                index=number,
                name=name,
                keypoints_3d=found.points[index].numpy(),
                found=found.found[index].numpy(),
                keypoints_2d=keypoints[index],
                scores=scores[index],
                errors=found.errors[index].numpy(),
                used=found.used[index].numpy(),
                boxes=boxes[index],
                seen=seen[index],
            )

    def _where(
        self, instant: Instant, images: Sequence[Optional[Image]]
    ) -> Optional[Boxes]:
        """Where the person should be next; None if it was lost."""
        if 2 * instant.found.sum() < len(instant.found):
            return None
        points = torch.from_numpy(instant.keypoints_3d)
        projection = self.calibration.cameras.project(points)
        there = projection.in_front.numpy() & instant.found
        sizes = [
            size if image is None else image.shape[1::-1]
            for image, size in zip(images, self.calibration.image_sizes)
        ]
        return expected_boxes(projection.pixels.numpy(), there, sizes, _PADDING)
