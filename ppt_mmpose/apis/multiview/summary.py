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
        for view, name in enumerate(self.recording.camera_names):
            seen = self._seen[view] / max(1, self.instants)
            # Nothing is no error of 0 px.
            error = f'{self.errors[view]:.1f} px' if self._used[view] else '-'
            lines.append(
                f'{name:<{width}}  {seen:7.1%}  {self.used[view]:14.1%}  {error:>10}'
            )
        return '\n'.join(lines)
