"""Predictions of single views, joined to instants and triangulated.

Evaluation meets views in any order: processes take turns, samplers repeat samples to
share them out evenly, and cameras miss instants. So views are joined by their ids.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Dict, Hashable, Iterable, List, Mapping, Sequence, Tuple

import numpy as np
import torch
from numpy.typing import NDArray

from ..calibration import stacked_cameras
from ..geometry import Status, triangulate

# What samples must tell, for ``PackPoseInputs(meta_keys=...)``.
SAMPLE_KEYS = (
    'group_id',
    'view_id',
    'camera',
    'keypoints_3d_world',
    'keypoints_3d_visible',
)


@dataclass(frozen=True, eq=False)
class View:
    """What a model saw in one view of an instant, and what is known of both.

    Attributes:
        group_id: of the instant.
        view_id: of the camera within it.
        keypoints: ``(J, 2)``, px, in the original image.
        scores: ``(J,)``.
        camera: ``intrinsics``, ``rotation``, ``translation``, ``distortion``, as in
            `Cameras`, of one view.
        label: ``(J, 3)``, m, world.
        visible: ``(J,)``, bool, whether the joint has a label.
        action: what the person does, if the sample tells it.
    """

    group_id: Hashable
    view_id: int
    keypoints: NDArray[np.float64]
    scores: NDArray[np.float64]
    camera: Mapping[str, NDArray[np.float64]]
    label: NDArray[np.float64]
    visible: NDArray[np.bool_]
    action: Any = None

    @classmethod
    def of_sample(cls, sample: Mapping[str, Any]) -> 'View':
        """Take what is needed from a data sample, as MMEngine hands it to metrics.

        Raises:
            ValueError: for a sample without a key, with several people, or whose label
                has other joints.
        """
        missing = [key for key in SAMPLE_KEYS if key not in sample]
        if missing:
            raise ValueError(
                f'data sample: expected {", ".join(SAMPLE_KEYS)}, got no '
                f'{", ".join(missing)}; the dataset gives them, and '
                'PackPoseInputs(meta_keys=...) has to name them'
            )
        where = f'view {sample["view_id"]} of {sample["group_id"]!r}'
        found = sample['pred_instances']
        keypoints = np.asarray(found['keypoints'], np.float64)
        label = np.asarray(sample['keypoints_3d_world'], np.float64)
        if keypoints.shape != (1, len(label), 2):
            raise ValueError(
                f'pred_instances.keypoints of {where}: expected one person with the '
                f'{len(label)} joints of the 3D label, got the shape {keypoints.shape}'
            )
        return cls(
            group_id=sample['group_id'],
            view_id=int(sample['view_id']),
            keypoints=keypoints[0],
            scores=np.asarray(found['keypoint_scores'], np.float64).reshape(-1),
            camera=sample['camera'],
            label=label,
            visible=np.asarray(sample['keypoints_3d_visible']) > 0,
            action=sample.get('action'),
        )


def grouped(views: Iterable[View]) -> List[List[View]]:
    """The views of each instant, in the order of their ids, each once."""
    instants: Dict[Hashable, Dict[int, View]] = defaultdict(dict)
    for view in views:
        instants[view.group_id].setdefault(view.view_id, view)
    return [[seen[view] for view in sorted(seen)] for seen in instants.values()]


def triangulated(
    groups: Sequence[Sequence[View]], *, method: str
) -> Tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Triangulate every instant from the views that it has.

    ``'linear'`` is as blind as the released code: it takes no notice of scores, and a
    point behind a camera is a point. The other methods do not find such a point.

    Args:
        groups: N instants, all with J joints.
        method: of `geometry.triangulate`.

    Returns:
        Points ``(N, J, 3)``, m, world, and ``(N, J)``, whether a joint was found. A
        joint that was not found is zero.
    """
    joints = len(groups[0][0].keypoints)
    points = np.zeros((len(groups), joints, 3))
    found = np.zeros((len(groups), joints), bool)
    by_count: Dict[int, List[int]] = defaultdict(list)
    for index, views in enumerate(groups):
        by_count[len(views)].append(index)
    for indices in by_count.values():
        given = [groups[index] for index in indices]
        keypoints = _stacked([[view.keypoints for view in views] for views in given])
        # A heatmap may have no positive value.
        scores = _stacked([[view.scores for view in views] for views in given]).clamp(0)
        cameras = stacked_cameras([[view.camera for view in views] for views in given])
        blind = method == 'linear'
        result = triangulate(
            cameras, keypoints, None if blind else scores, method=method
        )
        is_point = result.found
        if blind:
            is_point = is_point | (result.status == Status.BEHIND)
        found[indices] = is_point.numpy()
        points[indices] = np.where(is_point[..., None], result.points.numpy(), 0)
    return points, found


def _stacked(values: Sequence[Sequence[NDArray]]) -> torch.Tensor:
    return torch.from_numpy(np.array(values, np.float64))
