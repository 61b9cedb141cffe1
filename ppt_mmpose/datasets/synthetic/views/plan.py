"""All that decides what a folder of drawn views shows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, Tuple

import numpy as np
from numpy.typing import NDArray

from ....calibration import Calibration
from ..exposure import exposed
from ..render import render
from ..skeleton import Array
from .labels import annotate_view
from .layouts import FEWEST, LAYOUTS, MOST, random_rig
from .staging import random_stage
from .view import View

SMALLEST = 64  # px


@dataclass(frozen=True)
class Shot:
    """One instant.

    Attributes:
        images: V of ``(height, width, 3)``, uint8, BGR.
        annotations: V, as in :func:`.labels.annotate_view`.
        keypoints: ``(17, 3)``, world, metres.
    """

    images: Tuple[NDArray[np.uint8], ...]
    annotations: Tuple[Dict[str, Any], ...]
    keypoints: Array


@dataclass(frozen=True)
class Plan:
    """What is drawn; the same plan draws the same.

    Args:
        layout: where the cameras stand, one of :data:`.layouts.LAYOUTS`.
        cameras: V, 2 to 8.
        size: width and height of the images, px.
        lens: cameras distort as wide-angle lenses do; otherwise they are pinholes.
        obstructed: share of the keypoints in an instant's images that things hide,
            beyond those that the body hides itself, 0 to 0.5; with 0 there are no
            obstacles.
        seed: of all that is random.
        stream: of people and places; other streams of a seed share none.
        rig: stream of the cameras.

    Raises:
        ValueError: for a value out of range, naming it.
    """

    layout: str = 'ring'
    cameras: int = 4
    size: int = 256
    lens: bool = False
    obstructed: float = 0.15
    seed: int = 0
    stream: int = 0
    rig: int = 0

    def __post_init__(self) -> None:
        if self.layout not in LAYOUTS:
            raise ValueError(
                f'layout: expected one of {", ".join(LAYOUTS)}, got {self.layout!r}'
            )
        if not FEWEST <= self.cameras <= MOST:
            raise ValueError(
                f'cameras: expected {FEWEST} to {MOST}, got {self.cameras}'
            )
        if not 0 <= self.obstructed <= 0.5:
            raise ValueError(f'obstructed: expected 0 to 0.5, got {self.obstructed}')
        for name, lowest in dict(size=SMALLEST, seed=0, stream=0, rig=0).items():
            value = getattr(self, name)
            if value < lowest:
                raise ValueError(f'{name}: expected {lowest} or more, got {value}')

    def calibration(self) -> Calibration:
        """The cameras, the same at all instants."""
        return random_rig(
            np.random.default_rng((self.seed, self.rig, 0)),
            self.layout,
            views=self.cameras,
            size=(self.size, self.size),
            lens=self.lens,
        )

    def draw(self, index: int) -> Shot:
        """One instant.

        Args:
            index: from 0.
        """
        # The cameras have the first generator of a stream.
        rng = np.random.default_rng((self.seed, self.stream, index + 1))
        views = _views(self)
        reach = LAYOUTS[self.layout].reach
        scene = random_stage(rng, views, reach=reach, obstructed=self.obstructed)
        body = scene.bodies[0]
        images, annotations = [], []
        for view in views:
            drawn = render(scene, view.pinhole)
            images.append(exposed(view.shown(drawn.image), rng))
            annotations.append(annotate_view(view, body, drawn.depth))
        return Shot(tuple(images), tuple(annotations), body.keypoints)


# A process draws many instants of one plan, and a lens is costly to turn round.
@lru_cache(maxsize=2)
def _views(plan: Plan) -> Tuple[View, ...]:
    calibration = plan.calibration()
    return tuple(View(calibration, index) for index in range(len(calibration)))
