"""What was found in each view, on its image."""

from typing import Any, Dict, Optional, Sequence, Tuple

import cv2
import numpy as np
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.motion_files import Instant

from ..crops import Image
from ..panels import grid_of_panels

# Far from the colours of MMPose's skeletons, and from skin, grass and sky.
REPROJECTED = (255, 0, 255)
BOX = (255, 255, 255)
EMPTY = (224, 224, 224)
# The widest panels of a mosaic, px.
PANEL_WIDTH = 640
# cv2 takes coordinates with this many bits after the point.
_FRACTION_BITS = 4
# A reprojected keypoint may lie far outside, beyond the integers of cv2.
_FARTHEST = 30_000


class ViewPainter:
    """Draws instants on the images of their views.

    2D keypoints are in the colours of the dataset, drawn by MMPose; the reprojected 3D
    keypoints are the thin magenta skeleton on top.

    Args:
        calibration: V cameras.
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        threshold: 2D keypoints with a lower score are not drawn.
    """

    def __init__(
        self,
        calibration: Calibration,
        dataset_meta: Dict[str, Any],
        *,
        threshold: float = 0.3,
    ) -> None:
        self.calibration = calibration
        self.threshold = threshold
        self.links = [tuple(link) for link in dataset_meta['skeleton_links']]
        self._meta = dataset_meta

    def draw_view(
        self,
        image: Optional[Image],
        instant: Instant,
        view: int,
        *,
        size: Optional[Tuple[int, int]] = None,
    ) -> Image:
        """One view.

        Args:
            image: ``(height, width, 3)``, uint8, RGB, as the camera took it; None where
                there is none, for an empty panel.
            instant: what was found, px of the whole image.
            view: which of the V.
            size: ``(width, height)`` of the picture, px; the image is made to fit into
                it, with bars where its shape differs. None is the image's own, or the
                calibration's.

        Raises:
            ValueError: if neither tells a size, naming the camera.
        """
        if image is None:
            return self._empty(view, size)
        height, width = image.shape[:2]
        size = size or (width, height)
        scale = min(size[0] / width, size[1] / height)
        inner = max(1, round(width * scale)), max(1, round(height * scale))
        factor = np.array([inner[0] / width, inner[1] / height])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        drawn = cv2.resize(image, inner, interpolation=method)
        if instant.seen[view]:
            drawn = self._found(drawn, instant, view, factor)
        self._reprojected(drawn, instant, view, factor)
        return _with_bars(drawn, size)

    def draw_views(
        self,
        images: Sequence[Optional[Image]],
        instant: Instant,
        *,
        columns: Optional[int] = None,
        width: int = PANEL_WIDTH,
        title: str = '',
    ) -> Image:
        """All views side by side, with the cameras' names and reprojection errors.

        Errors are means of the keypoints that were used, px of the whole image. All
        panels have the shape of the first image.

        Args:
            images: V, as in `draw_view`.
            instant: what was found.
            columns: of the grid; None for a grid about as high as wide.
            width: of each panel, px.
            title: a line above everything.

        Returns:
            ``(height, width, 3)``, uint8, RGB; the size depends on the sizes of the
            images and the arguments, not on what was found.

        Raises:
            ValueError: if the images are not V.
        """
        names = self.calibration.names
        if len(images) != len(names):
            raise ValueError(
                f'images: expected one of each camera, {", ".join(names)}, got '
                f'{len(images)}'
            )
        columns = columns or int(np.ceil(np.sqrt(len(names))))
        size = (width, round(width * self._shape(images)))
        panels = [
            (
                self.draw_view(image, instant, view, size=size),
                f'{name}: {_caption(image, instant, view)}',
            )
            for view, (name, image) in enumerate(zip(names, images))
        ]
        rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
        return grid_of_panels(rows, font_size=max(12, width // 28), title=title)

    def _shape(self, images: Sequence[Optional[Image]]) -> float:
        """Height by width of the panels."""
        # The calibration first: the same in each instant, whichever image is missing.
        known = [size for size in self.calibration.image_sizes if size]
        known += [(i.shape[1], i.shape[0]) for i in images if i is not None]
        return known[0][1] / known[0][0] if known else 0.75

    def _empty(self, view: int, size: Optional[Tuple[int, int]]) -> Image:
        size = size or self.calibration.image_sizes[view]
        if size is None:
            raise ValueError(
                f'size: expected one for camera {self.calibration.names[view]!r}, '
                'which has no image and no size in the calibration, got None'
            )
        return np.full((size[1], size[0], 3), EMPTY, np.uint8)

    def _found(
        self, image: Image, instant: Instant, view: int, factor: np.ndarray
    ) -> Image:
        thickness = _thickness(image)
        left, top, right, bottom = _resized(
            instant.boxes[view].reshape(2, 2), factor
        ).ravel()
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        outline = _fixed(corners)[:, None]
        image = np.ascontiguousarray(image)
        cv2.polylines(
            image, [outline], True, BOX, _thin(image), cv2.LINE_AA, _FRACTION_BITS
        )
        scores = instant.scores[view][None]
        person = PoseDataSample(
            pred_instances=InstanceData(
                keypoints=_resized(instant.keypoints_2d[view], factor)[None],
                keypoints_visible=scores,
                keypoint_scores=scores,
            )
        )
        visualizer = PoseLocalVisualizer(radius=thickness + 2, line_width=thickness + 1)
        visualizer.set_dataset_meta(self._meta)
        return visualizer.add_datasample(
            'view',
            image,
            person,
            draw_gt=False,
            draw_bbox=False,
            kpt_thr=self.threshold,
        )

    def _reprojected(
        self, image: Image, instant: Instant, view: int, factor: np.ndarray
    ) -> None:
        camera = self.calibration.cameras.select([view])
        projected = camera.project(camera.rotation.new_tensor(instant.keypoints_3d))
        there = instant.found & projected.in_front[0].numpy()
        points = _fixed(_resized(projected.pixels[0].numpy(), factor))
        thin = _thin(image)
        for first, last in self.links:
            if there[first] and there[last]:
                ends = points[[first, last]][:, None]
                cv2.polylines(
                    image, [ends], False, REPROJECTED, thin, cv2.LINE_AA, _FRACTION_BITS
                )
        radius = (thin + 1) << _FRACTION_BITS
        for point in points[there].tolist():
            cv2.circle(
                image, point, radius, REPROJECTED, -1, cv2.LINE_AA, _FRACTION_BITS
            )


def _caption(image: Optional[Image], instant: Instant, view: int) -> str:
    if image is None:
        return 'no image'
    if not instant.seen[view]:
        return 'nobody'
    used = instant.used[view]
    if not used.any():
        return 'not used'
    return f'error {instant.errors[view][used].mean():.1f} px'


def _thickness(image: Image) -> int:
    return max(1, round(image.shape[0] / 300))


def _thin(image: Image) -> int:
    return max(1, _thickness(image) // 2)


def _resized(pixels: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Where pixels are after `cv2.resize`, which maps the outer borders."""
    return (pixels + 0.5) * factor - 0.5


def _fixed(points: np.ndarray) -> np.ndarray:
    near = points.clip(-_FARTHEST, _FARTHEST)
    return (near * (1 << _FRACTION_BITS)).round().astype(np.int32)


def _with_bars(image: Image, size: Tuple[int, int]) -> Image:
    canvas = np.full((size[1], size[0], 3), EMPTY, np.uint8)
    height, width = image.shape[:2]
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    canvas[top : top + height, left : left + width] = image
    return canvas
