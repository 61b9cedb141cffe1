"""A person with volume: a character in a pose.

A character (build and outfit) stays the same from view to view and from frame to
frame; a pose, a place and a heading make a body of it.
"""

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from .outfit import Outfit, random_outfit
from .sculptor import Build, Sculptor
from .skeleton import Array, Frames, Pose, place
from .solids import Solid


@dataclass(frozen=True)
class Body:
    """A posed character in the world.

    Attributes:
        keypoints: ``(17, 3)``, metres, in COCO's order.
        solids: what it is made of.
        frames: of its segments.
    """

    keypoints: Array
    solids: Tuple[Solid, ...]
    frames: Frames


@dataclass(frozen=True)
class Character:
    """Someone: a build and what they wear."""

    build: Build
    outfit: Outfit

    def posed(self, pose: Pose, *, position: Array, heading: float) -> Body:
        """The body in a pose.

        Args:
            pose: joint angles.
            position: x and y of the pelvis, metres.
            heading: radians from the world's x.
        """
        stature = self.build.stature
        frames = place(pose, stature=stature, position=position, heading=heading)
        sculptor = Sculptor(self.build, self.outfit, frames)
        return Body(sculptor.keypoints(), tuple(sculptor.solids()), frames)


def random_character(rng: np.random.Generator) -> Character:
    """Mostly adults of any build, some children."""
    child = rng.uniform() < 0.15
    stature = rng.uniform(1.05, 1.45) if child else rng.normal(1.71, 0.09)
    girth = float(np.clip(rng.normal(1.02, 0.14), 0.8, 1.45))
    build = Build(
        float(np.clip(stature, 1.0, 2.0)), girth, float(rng.uniform(0.93, 1.08))
    )
    return Character(build, random_outfit(rng))
