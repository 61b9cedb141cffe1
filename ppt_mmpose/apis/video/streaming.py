"""A stream of frames to files that grow: what the tool does with ``--stream``."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Union

from tqdm import tqdm

from ...frames import frame_stream, same_size
from ...motion_files import MotionWriter, Recording
from .inferencer import DEFAULT_RATE, VideoPoseInferencer
from .outputs import MOTION_FORMATS, check_folder, check_formats, person_writer
from .stream import PoseStream, StreamedPose


class StreamFiles:
    """Files of each person, written as poses come.

    Args:
        folder: for ``person_TRACK.FORMAT``; is made.
        recording: of the lifter's joints.
        formats: some of `MOTION_FORMATS`.

    Raises:
        ValueError: for an unknown format.
    """

    def __init__(
        self, folder: Union[str, Path], recording: Recording, formats: Sequence[str]
    ) -> None:
        check_formats(formats)
        check_folder(folder)
        self._folder = Path(folder)
        self._recording = recording
        self._formats = list(dict.fromkeys(formats))
        self._writers: Dict[int, List[MotionWriter]] = {}

    @property
    def people(self) -> List[int]:
        """Numbers of the tracks that have files."""
        return sorted(self._writers)

    def write(self, poses: Sequence[StreamedPose]) -> None:
        """Add the poses of a frame."""
        for pose in poses:
            if pose.track not in self._writers:
                self._writers[pose.track] = self._opened(pose.track)
            for writer in self._writers[pose.track]:
                writer.write(pose.instant())

    def _opened(self, track: int) -> List[MotionWriter]:
        return [
            person_writer(self._folder, track, name, self._recording)
            for name in self._formats
        ]

    def close(self) -> None:
        """Finish all files."""
        with ExitStack() as stack:
            for writers in self._writers.values():
                for writer in writers:
                    stack.callback(writer.close)


def run_stream(
    inferencer: VideoPoseInferencer,
    frames: Any,
    out_dir: Union[str, Path],
    *,
    formats: Sequence[str] = MOTION_FORMATS,
    rate: Optional[float] = None,
    progress: bool = True,
    **options: Any,
) -> str:
    """Write the poses of a stream as they come.

    Args:
        inferencer: of 2D keypoints and poses.
        frames: see `VideoPoseInferencer`; each is read once.
        out_dir: for all files.
        formats: some of `MOTION_FORMATS`.
        rate: frames a second; that of the frames, or 30, when None.
        progress: show a bar.
        **options: of `PoseStream`.

    Returns:
        What was found, in lines of text.

    Raises:
        ValueError: see `PoseStream` and `VideoPoseInferencer.track`; what was found
            before is written.
    """
    source = frame_stream(frames)
    rate = (source.rate or DEFAULT_RATE) if rate is None else rate
    stream = PoseStream(inferencer, rate=rate, **options)
    recording = Recording(('camera',), inferencer.lifter.joints, inferencer.links, rate)
    files = StreamFiles(out_dir, recording, formats)
    count = 0
    bar = tqdm(total=source.length, unit='frame', disable=not progress)
    try:
        for image in same_size(source):
            files.write(stream.push(image))
            count += 1
            bar.update()
        for poses in stream.finish():
            files.write(poses)
    finally:
        files.close()
        bar.close()
    if not count:
        raise ValueError(f'{frames}: expected frames that can be decoded, got none')
    people = ', '.join(map(str, files.people)) or 'nobody'
    return (
        f'{count} frames; poses came {stream.delay} frames after them, '
        f'{stream.delay_seconds:.2f} s\npeople: {people}'
    )
