"""People on their image, large enough to be looked at."""

from typing import Any, Dict

import cv2
import numpy as np

from ..apis.pose_2d import People
from ..frames.reading import Image
from ..visualization.people_painter import PeoplePainter

# The longer side of a picture, px: small ones are enlarged, large ones made smaller.
SHORTEST, LONGEST = 720, 1600


def draw_people(
    image: Image,
    people: People,
    dataset_meta: Dict[str, Any],
    *,
    threshold: float = 0.3,
) -> Image:
    """Skeletons in the colours of the dataset; several people with boxes and numbers.

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        people: n of them, px of this image.
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        threshold: keypoints with a lower score are not drawn.

    Returns:
        ``(height, width, 3)``, uint8, RGB, whose longer side is 720 to 1600 px.
    """
    size = max(image.shape[:2])
    factor = np.clip(size, SHORTEST, LONGEST) / size
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(image, None, fx=factor, fy=factor, interpolation=method)
    picture: Image = np.asarray(resized, np.uint8)
    # With one person, there is nobody to be told apart from.
    shown = len(people.boxes) if len(people.boxes) > 1 else 0
    # Lines that are seen on a phone, too.
    height = round(1.2 * max(picture.shape))
    painter = PeoplePainter(dataset_meta, height, threshold=threshold)
    return painter.draw(
        picture,
        # `cv2.resize` maps the outer borders of the images.
        (people.keypoints + 0.5) * factor - 0.5,
        people.scores,
        people.boxes[:shown] * factor,
        [str(number + 1) for number in range(shown)],
    )
