"""A scene about one person that several cameras look at."""

from dataclasses import replace
from typing import Optional, Sequence, Tuple

import numpy as np

from ..body import Body, random_character
from ..poses import random_pose
from ..scene import Scene, random_light
from ..solids import Solid
from ..surroundings import Surroundings, random_surroundings
from ..things import seat_below
from .obstacles import stand_obstacles
from .view import View

FEWEST_INSIDE = 12  # keypoints in every image
_TRIES = 200


def random_stage(
    rng: np.random.Generator, views: Sequence[View], *, reach: float, obstructed: float
) -> Scene:
    """Somebody somewhere near the origin, whom every camera has in its image.

    Args:
        rng: everything is drawn from it.
        views: V.
        reach: of the person from the origin, metres.
        obstructed: share of the keypoints that things hide, see
            :func:`.obstacles.stand_obstacles`; with 0 there are no obstacles.

    Raises:
        ValueError: if nobody was found whom every camera sees.
    """
    body, seat = _somebody(rng, views, reach)
    things = [seat] if seat is not None else []
    things += stand_obstacles(rng, body, views, standing=things, share=obstructed)
    return Scene(
        (body,),
        tuple(things),
        far_surroundings(rng, views),
        random_light(rng),
        float(rng.uniform(0.25, 0.7)),
    )


def _somebody(
    rng: np.random.Generator, views: Sequence[View], reach: float
) -> Tuple[Body, Optional[Solid]]:
    """A person whom all cameras see, and what they sit on."""
    for _ in range(_TRIES):
        family, pose = random_pose(rng)
        turn, away = rng.uniform(0, 2 * np.pi), reach * np.sqrt(rng.uniform())
        position = away * np.array((np.cos(turn), np.sin(turn)))
        heading = rng.uniform(0, 2 * np.pi)
        body = random_character(rng).posed(pose, position=position, heading=heading)
        sits = family == 'sitting' and rng.uniform() < 0.7
        inside = [view.project(body.keypoints)[1].sum() for view in views]
        if min(inside) >= FEWEST_INSIDE:
            return body, seat_below(rng, body) if sits else None
    raise ValueError(
        f'views: expected cameras whose images show {FEWEST_INSIDE} keypoints of '
        f'somebody near the origin, got none of {_TRIES} people'
    )


def far_surroundings(rng: np.random.Generator, views: Sequence[View]) -> Surroundings:
    """A horizon that is behind the person for every camera."""
    farthest = max(float(np.hypot(*view.pinhole.eye[:2])) for view in views)
    near = random_surroundings(rng)
    radius = farthest + near.radius
    return replace(near, radius=radius, tallest=near.tallest * radius / near.radius)
