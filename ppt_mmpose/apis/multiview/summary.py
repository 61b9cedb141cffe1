"""How well the views of a recording agreed."""

from typing import Sequence

import numpy as np

from ...motion_files import Instant, Recording


class Summary:
    """Means over the instants that it is given.

    Args:
        recording: that they are of.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.instants = 0
        views = len(recording.camera_names)
        self._seen, self._used = np.zeros(views, int), np.zeros(views, int)
        self._keypoints, self._errors = np.zeros(views, int), np.zeros(views)
        self._found = 0

    def write(self, instant: Instant, images: Sequence[object] = ()) -> None:
        """Take an instant; its images are left alone."""
        self.instants += 1
        self._seen += instant.seen
        self._used += instant.used.sum(1)
        self._keypoints += instant.seen * len(instant.found)
        self._errors += np.where(instant.used, instant.errors, 0).sum(1)
        self._found += int(instant.found.sum())

    @property
    def found(self) -> float:
        """Share of the keypoints that were found in 3D."""
        total = self.instants * len(self.recording.keypoint_names)
        return self._found / max(1, total)

    @property
    def errors(self) -> np.ndarray:
        """``(V,)``, px, mean reprojection error of the keypoints used; 0 of none."""
        return self._errors / np.maximum(1, self._used)

    @property
    def used(self) -> np.ndarray:
        """``(V,)``, share of a view's keypoints, where it saw the person, in use."""
        return self._used / np.maximum(1, self._keypoints)

    def __str__(self) -> str:
        width = max(6, *(len(name) for name in self.recording.camera_names))
        lines = [
            f'{self.instants} instants, {self.found:.1%} of the keypoints found in 3D',
            f'{"camera":<{width}}  seen in  keypoints used  mean error',
        ]
        for name, seen, used, error in zip(
            self.recording.camera_names, self._seen, self.used, self.errors
        ):
            share = seen / max(1, self.instants)
            lines.append(
                f'{name:<{width}}  {share:7.1%}  {used:14.1%}  {error:7.1f} px'
            )
        return '\n'.join(lines)
