"""What a 2D model finds in an image, and which patches it kept for that."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, List, Optional

import numpy as np

from ..apis.pose_2d import People
from ..apis.pose_2d.people import joined
from ..frames.reading import Image
from ..visualization.crops import crop_image, draw_skeleton, enlarge
from ..visualization.kept_tokens import HEIGHT, kept_panels
from ..visualization.panels import Panel, grid_of_panels
from ..visualization.recording import record_tokens
from ..visualization.token_pass import TokenRecord
from .clock import timed
from .given_models import GivenModels
from .people_picture import draw_people

# Strips of more people are too small to be looked at.
MOST_STRIPS = 3
# More panels in a row are too small on a phone.
MOST_PANELS = 3


@dataclass(frozen=True, eq=False)
class ImageView:
    """What is shown of an image.

    Attributes:
        picture: ``(height, width, 3)``, uint8, RGB, with skeletons.
        kept: the same of the patches that were kept, a row or two a person; None of a
            model without tokens, or where nobody was found.
        boxes: ``(n, 4)``, px, of the people, the largest first; of a model that finds
            people itself, around their keypoints.
        text: a line that tells what was found.
    """

    picture: Image
    kept: Optional[Image]
    boxes: np.ndarray
    text: str


def view_image(
    models: GivenModels,
    image: Image,
    *,
    keep_ratio: Optional[float] = None,
    boxes: Optional[np.ndarray] = None,
) -> ImageView:
    """Find people and draw them.

    Args:
        models: with one of single images.
        image: ``(height, width, 3)``, uint8, BGR.
        keep_ratio: part of the tokens that stays at each pruning, (0, 1]; that of the
            model when None.
        boxes: ``(n, 4)``, px, of the people; None leaves it to the detector, and
            without one a person fills the image.

    Raises:
        ValueError: for a model that takes several views together, a keep ratio that is
            none, or one of a model that does not prune.
    """
    if models.fuses_views:
        raise ValueError(
            f'pose2d: expected a model of single images, got {models.pose2d}, which '
            'takes the views of several cameras together'
        )
    with ExitStack() as stack:
        if keep_ratio is not None:
            stack.enter_context(_pruned_to(models.tokens, keep_ratio))
        record = None
        if models.tokens is not None:
            record = stack.enter_context(record_tokens(models.model, attention=False))
        clock = stack.enter_context(timed(models.model))
        people = _people(models, image, boxes)
    rgb = np.ascontiguousarray(image[..., ::-1])
    shown = models.estimator.top_down and len(people.boxes) > 0
    ran = record if record is not None and shown else None
    return ImageView(
        picture=draw_people(rgb, people, models.estimator.dataset_meta),
        kept=None if ran is None else _kept(models, ran),
        boxes=people.boxes,
        text=_told(people, ran, 1000 * sum(clock)),
    )


def _people(models: GivenModels, image: Image, boxes: Optional[np.ndarray]) -> People:
    estimator = models.estimator
    if not estimator.top_down:
        return estimator.everybody([image])[0]
    if boxes is None and estimator.detects:
        (boxes,) = estimator.detect([image])
    elif boxes is None:
        boxes = np.array([[0, 0, image.shape[1], image.shape[0]]], np.float32)
    sides = boxes[:, 2:] - boxes[:, :2]
    boxes = boxes[np.argsort(-sides.prod(1), kind='stable')]
    found = estimator.in_boxes([image] * len(boxes), list(boxes))
    joints = len(estimator.dataset_meta['keypoint_id2name'])
    everybody = joined(found, joints)
    return People(everybody.keypoints, everybody.scores, boxes)


def _kept(models: GivenModels, record: TokenRecord) -> Image:
    run, samples = record.unflipped, record.samples[0]
    model: Any = models.model
    rows: List[List[Panel]] = []
    for number, sample in enumerate(samples[:MOST_STRIPS]):
        crop = crop_image(run.images[number], model.data_preprocessor)
        large = enlarge(crop, HEIGHT)
        drawn = draw_skeleton(large, sample, model.dataset_meta)
        panels = kept_panels(
            large, run.prunings, run.grid, sample=number, skeleton=drawn
        )
        columns = len(panels) if len(panels) <= MOST_PANELS else (len(panels) + 1) // 2
        rows += [panels[i : i + columns] for i in range(0, len(panels), columns)]
    return grid_of_panels(rows, font_size=20)


def _told(people: People, record: Optional[TokenRecord], milliseconds: float) -> str:
    count = len(people.boxes)
    found = {0: 'Nobody was found', 1: '1 person'}.get(count, f'{count} people')
    told = [found]
    if record is not None:
        run = record.unflipped
        total = run.grid[0] * run.grid[1]
        left = len(run.prunings[-1].source[0]) if run.prunings else total
        told.append(f'{left} of {total} tokens kept ({left / total:.0%})')
    if count:
        told.append(f'{milliseconds:.0f} ms in the network')
    return ' · '.join(told)


@contextmanager
def _pruned_to(tokens: Any, keep_ratio: float) -> Iterator[None]:
    """Another keep ratio, for as long as this takes."""
    if tokens is None:
        raise ValueError('keep_ratio: has no effect on a model without tokens')
    before = tokens.neck.keep_ratio
    tokens.neck.set_keep_ratio(keep_ratio)
    try:
        yield
    finally:
        tokens.neck.set_keep_ratio(before)
