"""Things that hide keypoints from some cameras, and from others not."""

from typing import List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from ..body import Body
from ..depth import depth_of
from ..labels import FEWEST_SEEN, HIDDEN, OUTSIDE, SEEN, visibility
from ..skeleton import Array
from ..solids import Solid
from ..things import random_thing
from .labels import keypoints_in
from .view import View

TRIES = 40
# Metres between things and a camera.
_BEFORE_LENS = 1.0


def stand_obstacles(
    rng: np.random.Generator,
    body: Body,
    views: Sequence[View],
    *,
    standing: Sequence[Solid] = (),
    share: float,
) -> List[Solid]:
    """Crates, pillars and bushes between the person and cameras.

    They stand on the floor. They never take a keypoint from the last two views that see
    it (the last one, of two views), nor the last 8 keypoints from a view.

    Args:
        rng: everything is drawn from it.
        body: the person.
        views: V.
        standing: what is there already, such as a seat.
        share: of the keypoints within images that things shall hide, beyond those that
            the body hides itself. It is less where no place is found.
    """
    flags = np.stack([_alone(body, view) for view in views])
    free = flags == SEEN
    seen = free & ~_covered(body, views, standing)
    last_views = np.minimum(seen.sum(0), min(2, len(views) - 1))
    last_keypoints = np.minimum(seen.sum(1), FEWEST_SEEN)
    wanted = share * (flags != OUTSIDE).sum()
    things: List[Solid] = []
    for _ in range(TRIES):
        if (free & ~seen).sum() >= wanted:
            break
        thing = _between(rng, body, views)
        if thing is None:
            continue
        left = seen & ~_covered(body, views, [thing])
        enough = (left.sum(0) >= last_views).all()
        enough &= (left.sum(1) >= last_keypoints).all()
        if enough and left.sum() < seen.sum():
            things.append(thing)
            seen = left
    return things


def _alone(body: Body, view: View) -> Array:
    """Flags of the keypoints where nothing but the body hides them, ``(17,)``."""
    return keypoints_in(view, body, depth_of(body.solids, view.pinhole))[:, 2]


def _covered(
    body: Body, views: Sequence[View], things: Sequence[Solid]
) -> NDArray[np.bool_]:
    """Which keypoints things hide, ``(V, 17)``."""
    depths = [depth_of(things, view.pinhole) for view in views]
    flags = [
        visibility(body, view.pinhole, depth)[:, 2]
        for view, depth in zip(views, depths)
    ]
    return np.stack(flags) == HIDDEN


def _between(
    rng: np.random.Generator, body: Body, views: Sequence[View]
) -> Optional[Solid]:
    """Something on the line from a camera to a keypoint, if there is room for it."""
    eye = views[rng.integers(len(views))].pinhole.eye
    keypoint = body.keypoints[rng.integers(len(body.keypoints))]
    towards = eye - keypoint
    flat = float(np.linalg.norm(towards[:2]))
    place = keypoint + towards * (rng.uniform(0.5, 1.6) / flat)
    widest = rng.uniform(0.1, 0.3)
    height = max(0.2, float(place[2]) + rng.uniform(0.03, 0.3))
    foot = np.array((place[0], place[1], 0.0))
    thing = random_thing(rng, foot, height, widest=widest)
    # A crate's corner is the square root of two away.
    clear = 1.5 * widest
    eyes = np.stack([view.pinhole.eye for view in views])
    near_people = np.linalg.norm(body.keypoints[:, :2] - place[:2], axis=1).min()
    near_eyes = np.linalg.norm(eyes[:, :2] - place[:2], axis=1).min()
    if near_people < clear + 0.15 or near_eyes < clear + _BEFORE_LENS:
        return None
    return thing
