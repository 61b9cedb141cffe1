"""A scene: bodies and things on a floor, under a lamp, in surroundings."""

from dataclasses import dataclass
from functools import cached_property
from typing import List, Tuple

import numpy as np
from scipy.spatial.transform import Rotation

from .body import Body, random_character
from .camera import Camera
from .poses import random_pose
from .skeleton import Array
from .solids import Cone, Ellipsoid, Solid
from .surroundings import Surroundings, random_surroundings
from .things import random_paint, random_thing, seat_below


@dataclass(frozen=True)
class Scene:
    """All that there is to see, in world metres.

    Attributes:
        bodies: the people; the first one is who the scene is about.
        things: furniture, obstacles and clutter.
        surroundings: floor and horizon.
        light: ``(3,)``, unit vector towards the lamp, upwards.
        contrast: of the lamp against the light of the sky, 0 to 1.
    """

    bodies: Tuple[Body, ...]
    things: Tuple[Solid, ...]
    surroundings: Surroundings
    light: Array
    contrast: float

    @cached_property
    def solids(self) -> Tuple[Solid, ...]:
        """Those of the bodies, one after the other, then the things."""
        bodies = (solid for body in self.bodies for solid in body.solids)
        return (*bodies, *self.things)

    @cached_property
    def owners(self) -> Array:
        """Which body each solid belongs to; -1 for things."""
        owners = [i for i, body in enumerate(self.bodies) for _ in body.solids]
        return np.array(owners + [-1] * len(self.things))


def random_shot(
    rng: np.random.Generator, size: Tuple[int, int]
) -> Tuple[Scene, Camera]:
    """A scene about one person, and a camera that looks at it.

    Args:
        rng: everything is drawn from it.
        size: width and height of the image, px.
    """
    family, pose = random_pose(rng)
    # The person looks towards the camera more often than away from it.
    direction = rng.vonmises(0, 2.0)
    main = random_character(rng).posed(pose, position=np.zeros(2), heading=0.0)
    camera = _camera(rng, main, direction, size)
    bodies = [main, *_others(rng, main, camera)]
    things = [*_clutter(rng, camera), *_obstacles(rng, main, camera)]
    if family == 'sitting' and rng.uniform() < 0.7:
        things.append(seat_below(rng, main))
    return Scene(
        tuple(bodies),
        tuple(things),
        random_surroundings(rng),
        random_light(rng),
        float(rng.uniform(0.25, 0.7)),
    ), camera


def _camera(
    rng: np.random.Generator, body: Body, direction: float, size: Tuple[int, int]
) -> Camera:
    low, high = body.keypoints.min(0), body.keypoints.max(0)
    middle = (low + high) / 2
    distance = rng.uniform(2.2, 6.0)
    rise = np.clip(rng.normal(0.12, 0.22), -0.12, 0.8)
    flat = np.array((np.cos(direction), np.sin(direction), 0.0))
    eye = middle + distance * (np.cos(rise) * flat + (0, 0, np.sin(rise)))
    eye[2] = max(eye[2], 0.25)
    extent = float(np.linalg.norm(high - low)) + 0.2
    # From a small figure to one that the frame cuts.
    filled = rng.uniform(0.6, 1.1)
    focal = filled * size[1] * np.linalg.norm(eye - middle) / extent
    aim = middle + rng.normal(0, (0.08, 0.08, 0.1)) * extent
    roll = rng.normal(0, 0.08)
    return Camera.looking_at(aim, eye=eye, focal=float(focal), size=size, roll=roll)


def random_light(rng: np.random.Generator) -> Array:
    """Direction to a lamp that hangs above, a unit vector ``(3,)``."""
    turn, height = rng.uniform(0, 2 * np.pi), rng.uniform(0.45, 1.3)
    return np.array(
        (np.cos(turn) * np.cos(height), np.sin(turn) * np.cos(height), np.sin(height))
    )


def _others(rng: np.random.Generator, main: Body, camera: Camera) -> List[Body]:
    """Nobody, or someone beside, behind or in front of the person."""
    count = int(rng.choice((0, 1, 2), p=(0.68, 0.24, 0.08)))
    bodies: List[Body] = []
    towards = camera.eye[:2] / np.linalg.norm(camera.eye[:2])
    side = np.array((-towards[1], towards[0]))
    for _ in range(count):
        across = rng.choice((-1, 1)) * rng.uniform(0.3, 1.1)
        position = towards * rng.uniform(-2.0, 0.7) + side * across
        _, pose = random_pose(rng)
        heading = rng.uniform(0, 2 * np.pi)
        body = random_character(rng).posed(pose, position=position, heading=heading)
        # Nobody stands in the camera.
        if np.linalg.norm(body.keypoints - camera.eye, axis=1).min() > 1.0:
            bodies.append(body)
    return bodies


def _clutter(rng: np.random.Generator, camera: Camera) -> List[Solid]:
    """Things that stand around, but not where the person is, nor before the lens."""
    things: List[Solid] = []
    clear = 0.6 * np.linalg.norm(camera.eye[:2])
    for _ in range(int(rng.integers(0, 5))):
        turn, distance = rng.uniform(0, 2 * np.pi), rng.uniform(1.1, 3.5)
        foot = np.array((np.cos(turn) * distance, np.sin(turn) * distance, 0.0))
        thing = random_thing(rng, foot, rng.uniform(0.2, 1.2))
        if np.linalg.norm(foot[:2] - camera.eye[:2]) > clear:
            things.append(thing)
    return things


def _obstacles(rng: np.random.Generator, main: Body, camera: Camera) -> List[Solid]:
    """Sometimes something between the camera and a part of the person."""
    if rng.uniform() > 0.2:
        return []
    hidden = main.keypoints[rng.integers(len(main.keypoints))]
    share = rng.uniform(0.55, 0.8)
    place = camera.eye + (hidden - camera.eye) * share
    size = rng.uniform(0.06, 0.14)
    kind = rng.uniform()
    paint = random_paint(rng)
    if kind < 0.35 and hidden[2] < 0.9:
        foot = np.array((place[0], place[1], 0.0))
        height = max(0.2, float(place[2]) + size)
        return [random_thing(rng, foot, height, widest=0.15)]
    if kind < 0.7:  # a post, or what hangs from above
        lean = np.array((rng.normal(0, 0.1), rng.normal(0, 0.1), 1.0))
        ends = place - lean * 1.5, place + lean * 1.5
        return [Cone('post', paint, *ends, size * 0.4, size * 0.4)]
    axes = Rotation.from_rotvec(rng.normal(0, 1, 3)).as_matrix()
    return [Ellipsoid('leaf', paint, place, axes, size * rng.uniform(0.5, 1.2, 3))]
