"""A recording, instant by instant, through the models to keypoints in the world."""

from functools import partial
from typing import (
    Callable,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

import numpy as np
import torch

from ...frames.batches import in_batches
from ...frames.reading import Image
from ...geometry import Triangulation, triangulate
from ...motion_files import Instant, Recording
from ..pose_2d import Estimator2D
from .detections import expected_boxes
from .given_boxes import BoxesOfViews, ViewBoxes
from .person_finder import Boxes, Person, PersonFinder
from .sources import SynchronisedViews

# The sides of a box in those of its keypoints, as of MMPose's top-down datasets.
_PADDING = 1.25
_DEFAULT_RATE = 30.0


class _Read(NamedTuple):
    """An instant that was read: its number from 0, and its V images."""

    number: int
    name: str
    images: List[Optional[Image]]


# The instants of a batch, the person's boxes before it being known or not.
_Finding = Callable[[Sequence[_Read], Optional[Boxes]], List[Instant]]


class MultiViewRun:
    """A recording on its way through the models.

    Args:
        estimator: of 2D keypoints.
        views: to go through.
        rate: instants a second; that of the views, or 30, when None.
    """

    def __init__(
        self,
        estimator: Estimator2D,
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
            rate=(views.rate or _DEFAULT_RATE) if rate is None else rate,
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

        Results do not depend on the batch size. Where an instant raises an error, those
        before it are given first.

        Args:
            boxes: see `ViewBoxes`.
            track: look for the person where it was an instant before. Instants then
                depend on each other, and go through the model one by one.
            batch_size: instants that go through the model at once; 1 gives each instant
                before the next one is read.
            score_thr: 2D keypoints with a lower score are missing; at least 0.
            method: of `triangulate`.
            threshold: of `triangulate`, px.

        Returns:
            Each instant, and its images ``(V)``, BGR.

        Raises:
            ValueError: at once for options that are none or contradict each other;
                later for several people in a view of which none is the tracked one,
                and what reading raises.
        """
        if boxes is not None and track:
            raise ValueError('track: has no effect with boxes; expected one of them')
        if batch_size < 1:
            raise ValueError(f'batch_size: expected at least 1, got {batch_size}')
        if batch_size != int(batch_size):
            raise ValueError(f'batch_size: expected a whole number, got {batch_size}')
        if not score_thr >= 0:
            raise ValueError(f'score_thr: expected at least 0, got {score_thr}')
        lift = partial(
            triangulate, self.calibration.cameras, method=method, threshold=threshold
        )
        lift(torch.zeros(len(self.calibration), 0, 2))  # raises for wrong options
        given = None if boxes is None else ViewBoxes(boxes, self.calibration)
        finder = PersonFinder(self.estimator, self.calibration)

        def found(batch: Sequence[_Read], known: Optional[Boxes]) -> List[Instant]:
            expected = [known if given is None else given.of(*one[:2]) for one in batch]
            people = finder.find(
                [one.name for one in batch], [one.images for one in batch], expected
            )
            return self._instants(batch, people, score_thr, lift)

        return self._tracked(found) if track else self._batched(found, batch_size)

    def _batched(
        self, found: _Finding, size: int
    ) -> Iterator[Tuple[Instant, List[Optional[Image]]]]:
        for batch in self._read(size):
            instants: Iterable[Instant]
            try:
                instants = found(batch, None)
            except ValueError:
                # What comes before the instant that is wrong is not lost with it.
                instants = (found([one], None)[0] for one in batch)
            for instant, one in zip(instants, batch):
                yield instant, one.images

    def _tracked(
        self, found: _Finding
    ) -> Iterator[Tuple[Instant, List[Optional[Image]]]]:
        known: Optional[Boxes] = None
        for batch in self._read(1):
            (instant,) = found(batch, known)
            yield instant, batch[0].images
            known = self._where(instant, batch[0].images)

    def _read(self, size: int) -> Iterator[List[_Read]]:
        """So many instants at once."""
        read = (
            _Read(number, name, [views[v] for v in self.views.names])
            for number, (name, views) in enumerate(self.views)
        )
        return in_batches(read, size)

    def _instants(
        self,
        batch: Sequence[_Read],
        people: Sequence[Sequence[Person]],
        score_thr: float,
        lift: Callable[..., Triangulation],
    ) -> List[Instant]:
        shape = len(batch), len(self.calibration), len(self.recording.keypoint_names)
        keypoints, scores = np.zeros((*shape, 2)), np.zeros(shape)
        boxes, seen = np.zeros((*shape[:2], 4)), np.zeros(shape[:2], bool)
        for place in np.ndindex(shape[:2]):
            person = people[place[0]][place[1]]
            if person is not None:
                keypoints[place], scores[place] = person.keypoints[0], person.scores[0]
                boxes[place], seen[place] = person.boxes[0], True
        numbers = np.isfinite(keypoints).all(-1) & np.isfinite(scores)
        keypoints = np.where(numbers[..., None], keypoints, 0)
        scores = np.where(numbers, scores, 0)
        weights = np.where(scores >= score_thr, scores, 0)
        lifted = lift(torch.from_numpy(keypoints), torch.from_numpy(weights))
        found = lifted.found.numpy()
        # A point that was not found has numbers, which say where it is not.
        points = np.where(found[..., None], lifted.points.numpy(), 0)
        errors = np.where(found[:, None], lifted.errors.numpy(), 0)
        used = lifted.used.numpy() & found[:, None]
        return [
            Instant(
                index=one.number,
                name=one.name,
                keypoints_3d=points[index],
                found=found[index],
                keypoints_2d=keypoints[index],
                scores=scores[index],
                errors=errors[index],
                used=used[index],
                boxes=boxes[index],
                seen=seen[index],
            )
            for index, one in enumerate(batch)
        ]

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
