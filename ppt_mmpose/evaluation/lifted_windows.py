"""A window of a video as a lifter leaves it: predictions beside labels."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Mapping, Optional, Tuple

import numpy as np
from mmpose.utils.tensor_utils import to_numpy
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LiftedWindow:
    """F predictions in a window of T frames, and the labels of the same frames.

    Attributes:
        where: the sample, for messages.
        predicted: ``(F, J, 3)``, m.
        truth: ``(F, J, 3)``, m.
        visible: ``(F, J)``, whether a joint has a label.
        frames: ``(F,)``, numbers of the frames in the window.
        centre: ``(F,)``, whether a frame is number ``T // 2``.
        kept: ``(F,)``, whether pruning kept a frame; None where it is not told.
        padded: ``(F,)``, whether a frame stands in for one beyond the video; None where
            it is not told.
    """

    where: str
    predicted: NDArray[np.float64]
    truth: NDArray[np.float64]
    visible: NDArray[np.bool_]
    frames: NDArray[np.int64]
    centre: NDArray[np.bool_]
    kept: Optional[NDArray[np.bool_]]
    padded: Optional[NDArray[np.bool_]]

    @classmethod
    def of_sample(cls, sample: Mapping[str, Any]) -> 'LiftedWindow':
        """The window of a data sample; see `SequenceMPJPE.process`.

        Raises:
            ValueError: naming the sample, and what is wrong with it.
        """
        where = f'sample {sample.get("id", "")} ({_first_name(sample)})'
        labels, given = sample['gt_instances'], sample['pred_instances']
        truth = np.asarray(to_numpy(labels['lifting_target']), np.float64)
        visible = _flat(labels['lifting_target_visible'], bool).reshape(truth.shape[:2])
        predicted = _predicted(given['keypoints'], truth, where)
        frames = _frames(given.get('frames'), len(predicted), len(truth), where)
        kept, padded = given.get('frame_kept'), sample.get('padded')
        for name, value, length in (
            ('frame_kept', kept, len(frames)),
            ('padded', padded, len(truth)),
        ):
            if value is not None and len(_flat(value, bool)) != length:
                raise ValueError(
                    f'{where}: {name}: expected one of each of the {length} frames, '
                    f'got {len(_flat(value, bool))}'
                )
        _check_numbers(predicted, 'predicted', where)
        _check_numbers(truth, 'labelled', where)
        return cls(
            where,
            predicted,
            truth[frames],
            visible[frames],
            frames,
            frames == len(truth) // 2,
            None if kept is None else _flat(kept, bool),
            None if padded is None else _flat(padded, bool)[frames],
        )

    def known_padding(self) -> NDArray[np.bool_]:
        """Which frames stand in for those beyond the video.

        Raises:
            ValueError: if it is not told.
        """
        if self.padded is None:
            raise ValueError(
                f"{self.where}: expected 'padded' among the meta_keys of "
                'PackPoseInputs, to leave padding out (count_padding=False), got none'
            )
        return self.padded


def video_and_action(sample: Mapping[str, Any]) -> Tuple[str, str]:
    """``'S1_Walking_1'`` and ``'Walking'`` of ``'S1/S1_Walking_1.C1_000001.jpg'``.

    Raises:
        ValueError: for names of another form.
    """
    name = _first_name(sample)
    video = PurePosixPath(name).name.partition('.')[0]
    subject, _, action = video.partition('_')
    if not subject or not action:
        raise ValueError(
            'target_img_path: expected names such as S1_Walking_1.C1_000001.jpg, got '
            f'{name!r}'
        )
    return video, action.split('_')[0]


def _first_name(sample: Mapping[str, Any]) -> str:
    return str(np.asarray(sample['target_img_path']).reshape(-1)[0])


def _flat(values: Any, kind: type) -> NDArray:
    return np.asarray(to_numpy(values)).reshape(-1).astype(kind)


def _predicted(given: Any, truth: NDArray, where: str) -> NDArray[np.float64]:
    predicted = np.asarray(to_numpy(given), np.float64)
    if predicted.ndim == 4 and len(predicted) == 1:
        predicted = predicted[0]
    if predicted.ndim != 3 or predicted.shape[1:] != truth.shape[1:]:
        raise ValueError(
            f'{where}: pred_instances.keypoints: expected (frames, '
            f'{", ".join(map(str, truth.shape[1:]))}), got {predicted.shape}'
        )
    return predicted


def _frames(given: Any, count: int, length: int, where: str) -> NDArray[np.int64]:
    """Numbers of ``count`` predicted frames in a window of ``length``."""
    frames = np.arange(length) if given is None else _flat(given, int)
    if len(frames) != count or not ((frames >= 0) & (frames < length)).all():
        got = 'no numbers' if given is None else frames.tolist()
        raise ValueError(
            f'{where}: pred_instances.frames: expected the numbers, 0 to {length - 1}, '
            f'of the {count} frames that are predicted in a window of {length} (none '
            f'are needed where all are), got {got}'
        )
    return frames


def _check_numbers(poses: NDArray, kind: str, where: str) -> None:
    wrong = np.argwhere(~np.isfinite(poses))
    if len(wrong):
        pose, joint, _ = wrong[0]
        raise ValueError(
            f'{where}: expected numbers, got NaN or infinity in the {kind} pose '
            f'{pose}, joint {joint}'
        )
