"""Other ways in which the pose of a camera may have been meant.

Files say ``R`` and ``t`` and rarely what they do. One that was read in the wrong way
has rotations and plausible numbers all the same; only what the cameras saw tells.
"""

import math
from dataclasses import replace
from typing import Dict, Optional

from ..geometry import Cameras
from .evidence import Evidence

# An explanation must leave less than this of the error, and no more than this, px: any
# error is much better than points behind a camera.
_MUCH_BETTER, _GOOD = 0.2, 20.0


def explains(now: float, then: float) -> bool:
    """Whether a misfit of ``then`` px in place of ``now`` px tells what was wrong."""
    return then < min(_MUCH_BETTER * now, _GOOD)


def other_conventions(cameras: Cameras) -> Dict[str, Cameras]:
    """The same numbers, meant in other ways."""
    rotation, translation = cameras.rotation, cameras.translation
    return {
        'the rotation is transposed': replace(cameras, rotation=rotation.mT),
        'the pose is camera to world': replace(
            cameras, rotation=rotation.mT, translation=cameras.centres
        ),
        "the translation is the camera's centre": replace(
            cameras, translation=-(rotation @ translation[..., None])[..., 0]
        ),
    }


def mistake_of_all(cameras: Cameras, evidence: Evidence, now: float) -> Optional[str]:
    """What was mistaken in all cameras alike, in words; None if nothing was.

    Args:
        cameras: as they were read.
        evidence: of these cameras.
        now: their misfit, px.
    """
    for mistake, changed in other_conventions(cameras).items():
        then = evidence.misfit(changed)
        if explains(now, then):
            return f'{mistake} ({_improvement(now, then)})'
    return None


def mistake_of_one(cameras: Cameras, view: int, evidence: Evidence) -> Optional[str]:
    """What was mistaken in one camera, told by the points of all others.

    Args:
        cameras: three or more, or two with labels.
        view: the camera in question.
        evidence: of these cameras.
    """
    others = [index for index in range(len(cameras)) if index != view]
    points = evidence.of_views(others).points(cameras.select(others))
    alone = evidence.of_views([view])
    known = alone.scores.masked_fill(~points.found[:, None], 0)
    alone, camera = replace(alone, scores=known), cameras.select([view])
    now = alone.misfit(camera, points)
    for mistake, changed in other_conventions(camera).items():
        then = alone.misfit(changed, points)
        if explains(now, then):
            return f'{mistake} ({_improvement(now, then)})'
    return None


def _improvement(now: float, then: float) -> str:
    before = 'points behind it or nowhere' if math.isinf(now) else f'{now:.3g} px'
    return f'median error {then:.2g} px instead of {before}'
