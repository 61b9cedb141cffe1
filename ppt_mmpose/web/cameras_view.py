"""One person, from one image of each of several calibrated cameras."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

import numpy as np
import plotly.graph_objects as go

from ..apis.multiview import MultiViewPoseInferencer
from ..calibration import Calibration, read_calibration
from ..frames.reading import Image, by_stem
from ..motion_files import Instant
from ..visualization.multiview import ViewPainter
from ..visualization.scene import fit_scene
from .given_models import GivenModels
from .skeleton_figure import still_figure
from .up_guess import upright

# Around the person from near, as a share of their size.
_ROOM = 0.2
# Two panels in a row can be looked at on a phone.
_COLUMNS = 2


@dataclass(frozen=True, eq=False)
class CamerasView:
    """What is shown of an instant.

    Attributes:
        picture: ``(height, width, 3)``, uint8, RGB, of all views.
        text: a line that tells what was found.
        instant: what was found.
        calibration: of the views.
        up: what is up in the world.
        dataset_meta: of the keypoints.
    """

    picture: Image
    text: str
    instant: Instant
    calibration: Calibration
    up: str
    dataset_meta: Dict[str, Any]

    def figure(self, *, cameras: bool) -> Optional[go.Figure]:
        """The person in 3D; None where nothing was found.

        Args:
            cameras: show the cameras, too, or the person from near.
        """
        points, found = self.instant.keypoints_3d, self.instant.found
        if not found.any():
            return None
        shown = self.calibration if cameras else None
        margin = 0.05 if cameras else _ROOM
        scene = fit_scene(points, found, up=self.up, calibration=shown, margin=margin)
        return still_figure(self.dataset_meta, scene, points, found, calibration=shown)


def view_cameras(
    models: GivenModels,
    images: Sequence[str],
    calibration: str,
    *,
    up: Optional[str] = None,
    boxes: Optional[str] = None,
) -> CamerasView:
    """Find the person in all views, and in 3D.

    Args:
        models: with a 2D model.
        images: files, each named after its camera.
        calibration: a file of any known format.
        up: what is up in the world, as ``'+z'``; told by the cameras when None.
        boxes: a JSON file of where the person is, see `ViewBoxes`; None leaves it to
            the detector, and without one the person fills the images.

    Raises:
        ValueError: for files that are no images or no calibration, a camera that the
            calibration lacks, a single camera, or several people in a view.
    """
    files = by_stem(map(Path, images))
    inferencer = MultiViewPoseInferencer(
        models.estimator, calibration=read_calibration(calibration)
    )
    run = inferencer.open(files)
    ((instant, views),) = run.instants(boxes=boxes)
    meta = models.estimator.dataset_meta
    rgb = [None if i is None else np.ascontiguousarray(i[..., ::-1]) for i in views]
    painter = ViewPainter(run.calibration, meta)
    return CamerasView(
        picture=painter.draw_views(rgb, instant, columns=_COLUMNS, width=480),
        text=_told(instant),
        instant=instant,
        calibration=run.calibration,
        up=up or upright(run.calibration),
        dataset_meta=meta,
    )


def _told(instant: Instant) -> str:
    seen, found, count = instant.seen.sum(), instant.found.sum(), len(instant.found)
    told = [
        f'Seen by {seen} of {len(instant.seen)} cameras',
        f'{found} of {count} keypoints in 3D',
    ]
    if found:
        told.append(f'the views agree to {instant.errors[instant.used].mean():.1f} px')
    else:
        told.append('no two views agree: look at the keypoints and the calibration')
    return ' · '.join(told)
