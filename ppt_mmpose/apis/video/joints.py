"""From the keypoints of a 2D model to the joints that a lifter takes, by their names.

Lifters of Human3.6M take 17 joints, 2D models mostly find COCO's keypoints, which lack
a pelvis, a spine, a neck and a head. These are put where MMPose's inferencer puts them
(``mmpose.apis.convert_keypoint_definition``); here it goes by names, not by the name of
a dataset, so that keypoints in another order cannot be taken for each other.
"""

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

Weights = Dict[str, float]

_HIPS: Weights = dict(left_hip=0.5, right_hip=0.5)
_SHOULDERS: Weights = dict(left_shoulder=0.5, right_shoulder=0.5)


def _between(low: str, high: str, share: float) -> Weights:
    """A place between two keypoints, seen from the lower one."""
    return {low: 1 - share, high: share}


# Of each joint the ways to get it, the best one first.
_MIDDLE: Dict[str, Tuple[Weights, ...]] = dict(
    root=(dict(root=1.0), _HIPS),
    thorax=(dict(thorax=1.0), _SHOULDERS),
    spine=(
        dict(spine=1.0),
        {name: weight / 2 for name, weight in {**_HIPS, **_SHOULDERS}.items()},
    ),
    neck_base=(
        dict(neck_base=1.0),
        _between('neck', 'head_top', 1 / 4),
        _between('neck', 'top_head', 1 / 4),
        dict(nose=1.0),
    ),
    head=(
        dict(head=1.0),
        _between('neck', 'head_top', 7 / 12),
        _between('neck', 'top_head', 7 / 12),
        _between('head_bottom', 'head_top', 1 / 2),
        dict(left_eye=0.5, right_eye=0.5),
    ),
)
_OTHER_NAMES = dict(foot='ankle')

HUMAN36M: Tuple[str, ...] = (
    *('root', 'right_hip', 'right_knee', 'right_foot'),
    *('left_hip', 'left_knee', 'left_foot', 'spine', 'thorax', 'neck_base', 'head'),
    *('left_shoulder', 'left_elbow', 'left_wrist'),
    *('right_shoulder', 'right_elbow', 'right_wrist'),
)


def names_of(dataset_meta: dict) -> Tuple[str, ...]:
    """J names of keypoints, in their order, of a dataset's metainfo.

    Args:
        dataset_meta: as MMPose parses it.
    """
    names = dataset_meta['keypoint_id2name']
    return tuple(names[number] for number in range(len(names)))


class JointConverter:
    """Puts keypoints into another set of joints.

    Args:
        given: names of the keypoints of the 2D model, in their order.
        wanted: names of the lifter's joints, in their order. Either the same, or those
            of Human3.6M (`HUMAN36M`).

    Raises:
        ValueError: naming the joints that cannot be had, or the sets that do not go
            together.
    """

    def __init__(self, given: Sequence[str], wanted: Sequence[str]) -> None:
        self.given, self.wanted = tuple(given), tuple(wanted)
        self.matrix = np.zeros((len(self.wanted), len(self.given)))
        if self.given == self.wanted:
            np.fill_diagonal(self.matrix, 1)
            return
        if self.wanted != HUMAN36M:
            raise ValueError(
                'joints: expected a 2D model with those of the lifter, '
                f'{", ".join(self.wanted)}, got {", ".join(self.given)}; only '
                "Human3.6M's can be made of others"
            )
        places = {name: number for number, name in enumerate(self.given)}
        missing = []
        for row, joint in enumerate(self.wanted):
            weights = _first_possible(joint, places)
            if weights is None:
                missing.append(joint)
                continue
            for name, weight in weights.items():
                self.matrix[row, places[name]] = weight
        if missing:
            raise ValueError(
                f"joints: {', '.join(missing)} of Human3.6M's cannot be made of "
                f'{", ".join(self.given)}; expected keypoints such as those of COCO'
            )

    def __call__(
        self, keypoints: np.ndarray, scores: np.ndarray
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Convert.

        Args:
            keypoints: ``(..., J given, 2)``, px.
            scores: ``(..., J given)``.

        Returns:
            ``(..., J wanted, 2)``, and scores ``(..., J wanted)``: of a joint between
            keypoints, that of the least certain one.
        """
        converted = self.matrix @ keypoints
        used = self.matrix > 0
        lowest = np.where(used, np.asarray(scores)[..., None, :], np.inf).min(-1)
        return converted, lowest


def _first_possible(joint: str, places: Dict[str, int]) -> Optional[Weights]:
    for weights in _MIDDLE.get(joint, ()) or _of_limb(joint):
        if all(name in places for name in weights):
            return weights
    return None


def _of_limb(joint: str) -> List[Weights]:
    side, _, kind = joint.partition('_')
    names = [joint, f'{side}_{_OTHER_NAMES.get(kind, kind)}']
    return [{name: 1.0} for name in names]
