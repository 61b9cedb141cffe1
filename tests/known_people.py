"""A 2D model that knows where people are in a video, for tests."""

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.apis.pose_2d import People
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan

H36M = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/h36m.py'))
SIZE = 1000


def moving(frames, index=0, shift=0.0, rate=25):
    """2D joints ``(frames, 17, 2)``, px, of a drawn person, moved to the right."""
    plan = SequencePlan(frames=frames, fps=rate, cameras=1, size=SIZE, seed=index)
    sequence = plan.draw(index)
    pixels, _ = sequence.cameras[0].project(sequence.joints)
    return pixels + np.array([shift, 0])


def frames(count, size=(32, 32)):
    """Images whose first pixel tells which they are."""
    for number in range(count):
        image = np.zeros((*size[::-1], 3), np.uint8)
        image[0, 0, :2] = divmod(number, 256)
        yield image


class KnownPeople:
    """Everybody's joints in each frame; None where somebody is not seen.

    Args:
        joints: of each person by frame ``(J, 2)``, px, or None.
        top_down: whether it is asked by boxes; a detector of its own finds them.
        score: of all joints.
    """

    dataset_meta = H36M

    def __init__(self, *joints, top_down=True, detects=True, score=1.0):
        self.joints = joints
        self.top_down = top_down
        self.detects = detects
        self.score = score
        self.asked = []

    def everybody(self, images):
        self.asked.append(len(images))
        return [self._people(image) for image in images]

    def detect(self, images):
        self.asked.append(len(images))
        return [self._people(image).boxes for image in images]

    def in_boxes(self, images, boxes, views=None):
        """The person whose box is nearest."""
        found = []
        for image, box in zip(images, boxes):
            there = self._people(image)
            if not len(there.boxes):
                lost = np.zeros((1, 17))
                found.append(People(np.zeros((1, 17, 2)), lost, box[None]))
                continue
            best = np.abs(there.boxes - box).sum(1).argmin()
            one = slice(best, best + 1)
            found.append(People(there.keypoints[one], there.scores[one], box[None]))
        return found

    def _people(self, image):
        high, low = (int(value) for value in image[0, 0, :2])
        seen = [
            person[256 * high + low]
            for person in self.joints
            if person[256 * high + low] is not None
        ]
        keypoints = np.array(seen, float).reshape(-1, 17, 2)
        boxes = np.concatenate([keypoints.min(1), keypoints.max(1)], 1)
        scores = np.full(keypoints.shape[:2], self.score)
        return People(keypoints, scores, boxes.reshape(-1, 4))
