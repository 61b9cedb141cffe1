"""One person who moves among cameras that stand still."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Optional, Tuple

import numpy as np

from ....calibration import Calibration
from ..body import Body, Character, random_character
from ..camera import Camera
from ..scene import Scene, random_light
from ..skeleton import Array
from ..solids import Solid
from ..surroundings import Surroundings
from ..things import seat_below
from ..views.layouts import Layout, all_around, rig_of
from ..views.staging import far_surroundings
from ..views.view import View
from .actions import ACTIONS
from .joints import joints_of
from .motion import Motion, random_motion

FEWEST, MOST = 1, 8  # cameras
SMALLEST = 64  # px
# As in Human3.6M: some 5 m away, a person is a third of the image.
HALL = Layout(
    partial(all_around, distance=(4.5, 5.5), height=(1.2, 2.0)), (4.8, 5.4), 1.4
)
_CAMERAS, _PERSON, _PLACE, _DETECTOR = range(4)  # streams of what is random


@dataclass(frozen=True)
class SequencePlan:
    """What is made; the same plan makes the same.

    Args:
        frames: of a sequence.
        fps: frames per second.
        cameras: V, 1 to 8, of each sequence others.
        size: width and height of the images, px.
        seed: of all that is random.
        stream: of sequences; other streams of a seed share none.

    Raises:
        ValueError: for a value out of range, naming it.
    """

    frames: int = 300
    fps: float = 50.0
    cameras: int = 4
    size: int = 1000
    seed: int = 0
    stream: int = 0

    def __post_init__(self) -> None:
        if not FEWEST <= self.cameras <= MOST:
            raise ValueError(
                f'cameras: expected {FEWEST} to {MOST}, got {self.cameras}'
            )
        for name, lowest in dict(
            frames=2, fps=5, size=SMALLEST, seed=0, stream=0
        ).items():
            value = getattr(self, name)
            if not value >= lowest:
                raise ValueError(f'{name}: expected {lowest} or more, got {value}')

    def draw(self, index: int) -> 'Sequence':
        """One sequence; actions take turns.

        Args:
            index: from 0.
        """
        return Sequence(self, index)

    def generator(self, index: int, *what: int) -> np.random.Generator:
        """The generator of one part of a sequence."""
        return np.random.default_rng((self.seed, self.stream, index, *what))


@dataclass(frozen=True)
class Sequence:
    """A motion of somebody, and the cameras around.

    Args:
        plan: what it belongs to.
        index: from 0.
    """

    plan: SequencePlan
    index: int

    @property
    def action(self) -> str:
        """What the person does, of :data:`.actions.ACTIONS`."""
        return list(ACTIONS)[self.index % len(ACTIONS)]

    @cached_property
    def calibration(self) -> Calibration:
        """The cameras: pinholes, named as those of drawn views."""
        plan = self.plan
        return rig_of(
            plan.generator(self.index, _CAMERAS),
            HALL,
            views=plan.cameras,
            size=(plan.size, plan.size),
        )

    @cached_property
    def cameras(self) -> Tuple[Camera, ...]:
        """V, of the calibration."""
        return tuple(view.pinhole for view in self._views)

    @cached_property
    def character(self) -> Character:
        """Who it is."""
        return self._person[0]

    @cached_property
    def motion(self) -> Motion:
        """How they move."""
        return self._person[1]

    @cached_property
    def joints(self) -> Array:
        """``(n, 17, 3)``, world, metres, as in :func:`.joints.joints_of`."""
        stature = self.character.build.stature
        return joints_of(self.motion.frames(stature), stature)

    def detector_generator(self, camera: int) -> np.random.Generator:
        """Of the errors of a detector in the images of a camera."""
        return self.plan.generator(self.index, _DETECTOR, camera)

    def body(self, frame: int, *, aside: Tuple[float, float] = (0.0, 0.0)) -> Body:
        """The person at an instant, with volume.

        Args:
            frame: from 0.
            aside: how far from where the motion is, over the floor, m, world.
        """
        motion = self.motion
        return self.character.posed(
            motion.pose(frame),
            position=motion.position[frame] + np.array(aside),
            heading=float(motion.heading[frame]),
        )

    def scene(self, frame: int, others: Tuple[Body, ...] = ()) -> Scene:
        """All that there is to see at an instant, for :func:`..render.render`.

        Floor, horizon, lamp and seat are the same in all frames.

        Args:
            frame: from 0.
            others: people who are there too, such as those of another sequence.
        """
        surroundings, light, contrast, seat = self._place
        things = () if seat is None else (seat,)
        bodies = (self.body(frame), *others)
        return Scene(bodies, things, surroundings, light, contrast)

    @cached_property
    def _views(self) -> Tuple[View, ...]:
        return tuple(View(self.calibration, v) for v in range(self.plan.cameras))

    @cached_property
    def _person(self) -> Tuple[Character, Motion]:
        rng = self.plan.generator(self.index, _PERSON)
        character = random_character(rng)
        motion = random_motion(
            rng,
            self.action,
            stature=character.build.stature,
            frames=self.plan.frames,
            fps=self.plan.fps,
            reach=HALL.reach,
        )
        return character, motion

    @cached_property
    def _place(self) -> Tuple[Surroundings, Array, float, Optional[Solid]]:
        rng = self.plan.generator(self.index, _PLACE)
        surroundings = far_surroundings(rng, self._views)
        light, contrast = random_light(rng), float(rng.uniform(0.25, 0.7))
        seated = np.flatnonzero(self.motion.sits)
        seat = seat_below(rng, self.body(int(seated[0]))) if len(seated) else None
        return surroundings, light, contrast, seat
