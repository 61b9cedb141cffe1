"""Images or videos of several cameras to keypoints in the world."""

from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Sequence, Union

from ...calibration import Calibration, read_calibration
from ...motion_files import Instant
from ..pose_2d import Estimator2D, ImageEstimator
from .run import MultiViewRun
from .sources import open_sources


class MultiViewPoseInferencer:
    """Keypoints of one person in 3D, from synchronised calibrated cameras.

    In every view a 2D model of MMPose finds the keypoints; the views are triangulated.
    Instants are read, worked on and given one after another, in memory that does not
    grow with their number.

    Where the person is in a view is told, in this order, by ``boxes``; with ``track``,
    by the 3D keypoints of the instant before; by the detector; or it fills the image.

    Args:
        pose2d: a config of a 2D model of MMPose or its name; or an
            `Estimator2D`, which has its own weights, device and detector.
        weights: its checkpoint.
        calibration: of the cameras, or its file (`ppt_mmpose.calibration`); may be left
            out for recordings in a folder that has one.
        device: such as ``cuda:0``; the best that there is when None.
        det_model: a config or name of a detector of MMDetection.
        det_weights: its checkpoint.
        det_cat_ids: what it calls people.

    Raises:
        ValueError: as `ImageEstimator` raises it; for a calibration that is unreadable;
            or for weights, a device or a detector beside an `Estimator2D`.
    """

    def __init__(
        self,
        pose2d: Union[str, Path, Estimator2D],
        weights: Optional[str] = None,
        calibration: Union[Calibration, str, Path, None] = None,
        *,
        device: Optional[str] = None,
        det_model: Optional[str] = None,
        det_weights: Optional[str] = None,
        det_cat_ids: Union[int, Sequence[int]] = 0,
    ) -> None:
        if isinstance(calibration, (str, Path)):
            calibration = read_calibration(calibration)
        self.calibration = calibration
        own: Dict[str, Any] = dict(
            weights=weights,
            device=device,
            det_model=det_model,
            det_weights=det_weights,
        )
        if isinstance(pose2d, (str, Path)):
            pose2d = ImageEstimator(str(pose2d), det_cat_ids=det_cat_ids, **own)
        elif given := [name for name, value in own.items() if value is not None]:
            raise ValueError(
                f'{given[0]}: has no effect with an estimator that was built before; '
                'expected None'
            )
        self.estimator = pose2d

    def open(self, inputs: Any, *, rate: Optional[float] = None) -> MultiViewRun:
        """Open the views of a recording, which is then gone through once.

        Args:
            inputs: a folder of a recording; or of each camera, by its name or in the
                calibration's order, a folder of images, a video, or images in memory
                (`open_sources`).
            rate: instants a second; that of the videos, or 30, when None.

        Raises:
            ValueError: as `open_sources` raises it.
        """
        return MultiViewRun(
            self.estimator, open_sources(inputs, self.calibration), rate
        )

    def __call__(
        self, inputs: Any, *, rate: Optional[float] = None, **options: Any
    ) -> Iterator[Instant]:
        """What was found, instant by instant.

        Args:
            inputs: see `open`.
            rate: see `open`.
            **options: of `MultiViewRun.instants`.

        Raises:
            ValueError: see `open` and `MultiViewRun.instants`.
        """
        found = self.open(inputs, rate=rate).instants(**options)
        return (instant for instant, _ in found)
