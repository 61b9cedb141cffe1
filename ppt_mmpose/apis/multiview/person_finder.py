"""One person in all views of several instants."""

from itertools import repeat
from typing import List, Optional, Sequence

import numpy as np

from ...calibration import Calibration, camera_dicts
from ...frames.reading import Image
from ..pose_2d import Estimator2D, People
from .detections import refuse_several, the_expected

# Of each view its box (4,), px; None where the person is not in it.
Boxes = Sequence[Optional[np.ndarray]]
Person = Optional[People]


class PersonFinder:
    """Finds a person's keypoints, from where it is expected or by detecting it.

    Args:
        estimator: of people in images.
        calibration: of the V views.
    """

    def __init__(self, estimator: Estimator2D, calibration: Calibration) -> None:
        self.estimator = estimator
        self.names = calibration.names
        self._cameras = camera_dicts(calibration)

    def find(
        self,
        instants: Sequence[str],
        images: Sequence[Sequence[Optional[Image]]],
        expected: Sequence[Optional[Boxes]],
    ) -> List[List[Person]]:
        """The person in each view of each instant, None where it is not seen.

        Args:
            instants: T names.
            images: ``(T, V)``; None where a view has none.
            expected: of each instant the boxes, or None where nothing is known.

        Raises:
            ValueError: for several people in views about which nothing is known.
        """
        find = self._top_down if self.estimator.top_down else self._everybody
        return find(instants, images, expected)

    def _top_down(
        self,
        instants: Sequence[str],
        images: Sequence[Sequence[Optional[Image]]],
        expected: Sequence[Optional[Boxes]],
    ) -> List[List[Person]]:
        places, there, boxes = [], [], []
        everywhere = self._boxes(instants, images, expected)
        for number, (of_views, of_images) in enumerate(zip(everywhere, images)):
            for view, (box, image) in enumerate(zip(of_views, of_images)):
                if box is not None and image is not None:
                    places.append((number, view))
                    there.append(image)
                    boxes.append(box)
        views = [
            dict(group_id=number, view_id=view, camera=self._cameras[view])
            for number, view in places
        ]
        found = self.estimator.in_boxes(there, boxes, views)
        return self._placed(len(instants), places, found)

    def _boxes(
        self,
        instants: Sequence[str],
        images: Sequence[Sequence[Optional[Image]]],
        expected: Sequence[Optional[Boxes]],
    ) -> List[Boxes]:
        """The expected boxes; where nothing is known, those of a detector."""
        unknown = [of for of, boxes in zip(images, expected) if boxes is None]
        there = [image for of in unknown for image in of if image is not None]
        detected = iter(self.estimator.detect(there) if self.estimator.detects else [])
        nobody = repeat(np.zeros((0, 4), np.float32))
        everywhere: List[Boxes] = []
        for instant, of_images, boxes in zip(instants, images, expected):
            if boxes is None and self.estimator.detects:
                people = [next(nobody if i is None else detected) for i in of_images]
                refuse_several(instant, self.names, [len(one) for one in people])
                boxes = [one[0] if len(one) else None for one in people]
            elif boxes is None:
                boxes = [_whole(image) for image in of_images]
            everywhere.append(boxes)
        return everywhere

    def _everybody(
        self,
        instants: Sequence[str],
        images: Sequence[Sequence[Optional[Image]]],
        expected: Sequence[Optional[Boxes]],
    ) -> List[List[Person]]:
        places, there = [], []
        for number, of_images in enumerate(images):
            for view, image in enumerate(of_images):
                if image is not None:
                    places.append((number, view))
                    there.append(image)
        people = self._placed(len(instants), places, self.estimator.everybody(there))
        for number, (instant, boxes) in enumerate(zip(instants, expected)):
            if boxes is None:
                counts = [len(one.boxes) if one else 0 for one in people[number]]
                refuse_several(instant, self.names, counts)
            people[number] = [
                _chosen(one, None if boxes is None else boxes[view], boxes is None)
                for view, one in enumerate(people[number])
            ]
        return people

    def _placed(
        self, count: int, places: Sequence[tuple], found: Sequence[People]
    ) -> List[List[Person]]:
        people: List[List[Person]] = [[None] * len(self.names) for _ in range(count)]
        for (number, view), person in zip(places, found):
            people[number][view] = person
        return people


def _whole(image: Optional[Image]) -> Optional[np.ndarray]:
    if image is None:
        return None
    return np.array([0, 0, image.shape[1], image.shape[0]], np.float32)


def _chosen(people: Person, box: Optional[np.ndarray], anyone: bool) -> Person:
    """The only person, or the one in the box."""
    if people is None or (box is None and not anyone):
        return None
    index = the_expected(people.boxes, box)
    if index is None:
        return None
    one = slice(index, index + 1)
    return People(people.keypoints[one], people.scores[one], people.boxes[one])
