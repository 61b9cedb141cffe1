"""How errors depend on the overlap of windows and on the delay of a stream.

    python docs/studies/looking_ahead.py CONFIG CHECKPOINT

The config's test set is gone through video by video; see video_to_3d.md.
"""

import argparse
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.video import SequenceLifter
from ppt_mmpose.evaluation.sequence_errors import frame_errors


class Video(NamedTuple):
    """The frames of a camera: ``(T, J, 2)`` px, ``(T, J)``, and ``(T, J, 4)`` m."""

    action: str
    keypoints: np.ndarray
    scores: np.ndarray
    truth: np.ndarray
    size: Tuple[int, int]


def videos(config: str, camera: Optional[str]) -> Iterator[Video]:
    """Those of the config's test set."""
    init_default_scope('mmpose')
    cfg = Config.fromfile(find_config(config))
    dataset = DATASETS.build(cfg.test_dataloader.dataset)
    arrays = dataset._arrays
    for video in dataset.videos:
        if camera in (None, video.camera):
            rows = video.rows
            lens = dataset.camera_param[video.subject, video.camera]
            keypoints = arrays.keypoints[rows]
            yield Video(
                video.action.split('_')[0],
                keypoints[..., :2],
                keypoints[..., 2],
                arrays.poses[rows],
                (lens['w'], lens['h']),
            )


def in_windows(lifter: SequenceLifter, video: Video) -> np.ndarray:
    """Poses as of `VideoPoseInferencer`."""
    boxes = np.zeros((len(video.scores), 4))
    return lifter.lift(video.keypoints, video.scores, boxes, video.size)


def streamed(lifter: SequenceLifter, delay: int, video: Video) -> np.ndarray:
    """Poses as of `PoseStream`, of models that give all frames."""
    _, keypoints, scores, _, size = video
    last, poses = len(scores) - 1, []
    for frame in range(len(scores)):
        newest = min(frame + delay, last)
        rows = np.arange(newest - lifter.frames + 1, newest + 1)
        row = int(np.flatnonzero(rows == frame)[0])
        rows = rows.clip(0, last)
        boxes = np.zeros((lifter.frames, 4))
        poses.append(lifter.window(keypoints[rows], scores[rows], boxes, size)[row])
    return np.stack(poses)


def mpjpe(found: Sequence[Video], lift: Callable[[Video], np.ndarray]) -> float:
    """Mean over actions of means over frames, mm."""
    by_action: Dict[str, List[np.ndarray]] = {}
    for video in found:
        truth = video.truth
        errors = frame_errors(
            lift(video),
            truth[..., :3].astype(float),
            truth[..., 3] > 0,
            frames=np.arange(len(truth)),
            mode='mpjpe',
            root_index=0,
        )
        by_action.setdefault(video.action, []).append(errors)
    return float(np.mean([np.concatenate(one).mean() for one in by_action.values()]))


def main() -> None:
    """What the command does."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('--camera', help='one camera alone')
    parser.add_argument('--overlaps', type=int, nargs='*', default=[0, 9, 18])
    parser.add_argument('--delays', type=int, nargs='*', default=[0, 3, 6, 13])
    args = parser.parse_args()
    found = list(videos(args.config, args.camera))
    print(sum(len(one.scores) for one in found), 'frames')
    for overlap in args.overlaps:
        lifter = SequenceLifter(args.config, args.checkpoint, overlap=overlap)
        error = mpjpe(found, lambda video, by=lifter: in_windows(by, video))
        print(f'windows share {overlap} frames: {error:.1f} mm', flush=True)
    lifter = SequenceLifter(args.config, args.checkpoint)
    for delay in args.delays:
        error = mpjpe(found, lambda video, by=delay: streamed(lifter, by, video))
        print(f'stream with a delay of {delay} frames: {error:.1f} mm', flush=True)


if __name__ == '__main__':
    main()
