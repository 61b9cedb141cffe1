"""What a character looks like: skin, hair, clothes.

Some of it tells left from right, beyond the face and the front of the shirt: a watch
is worn on the left wrist, a badge on the left of the chest, and where one sleeve is of
another colour, it is the left one.
"""

from dataclasses import dataclass
from typing import Optional

import numpy as np

from .solids import Colour, Paint

# Blue, green, red; from pale to dark.
SKINS = ((190, 205, 240), (165, 190, 232), (130, 165, 215), (95, 135, 190),
         (70, 100, 150), (50, 72, 110), (38, 52, 80))  # fmt: skip
HAIRS = ((25, 25, 28), (35, 50, 75), (45, 80, 120), (90, 150, 200), (130, 130, 135),
         (35, 60, 140), (200, 205, 210))  # fmt: skip


@dataclass(frozen=True)
class Outfit:
    """Paints and colours by what they are on; None where it is not worn.

    Attributes:
        sleeves: 'long', 'short' or 'none'.
        legs: 'trousers', 'shorts' or 'skirt'.
        front: the line of buttons or a tie down the front of the shirt.
    """

    skin: Paint
    hair: Paint
    long_hair: bool
    eyes: Colour
    lips: Colour
    upper: Paint
    left_sleeve: Paint
    lower: Paint
    belt: Colour
    shoes: Colour
    sleeves: str
    legs: str
    front: Optional[Paint]
    cap: Optional[Paint]
    watch: Optional[Paint]
    badge: Optional[Paint]
    backpack: Optional[Paint]


def random_outfit(rng: np.random.Generator) -> Outfit:
    """Anyone, wearing anything."""
    skin = _near(SKINS[rng.integers(len(SKINS))], 8, rng)
    upper = _cloth(rng)

    def sometimes(chance: float) -> Optional[Paint]:
        paint = Paint(_colour(rng))
        return paint if rng.uniform() < chance else None

    lips = (skin[0] * 0.75, skin[1] * 0.6, min(255.0, skin[2] * 0.95))
    return Outfit(
        skin=Paint(skin),
        hair=Paint(_near(HAIRS[rng.integers(len(HAIRS))], 10, rng)),
        long_hair=bool(rng.uniform() < 0.4),
        eyes=(40.0, 30.0, 25.0),
        lips=lips,
        upper=upper,
        left_sleeve=_cloth(rng) if rng.uniform() < 0.25 else upper,
        lower=_cloth(rng, banded=0.1),
        belt=_colour(rng),
        shoes=_colour(rng),
        sleeves=str(rng.choice(('long', 'short', 'none'), p=(0.4, 0.45, 0.15))),
        legs=str(rng.choice(('trousers', 'shorts', 'skirt'), p=(0.55, 0.3, 0.15))),
        front=sometimes(0.5),
        cap=sometimes(0.2),
        watch=sometimes(0.3),
        badge=sometimes(0.3),
        backpack=sometimes(0.12),
    )


def _colour(rng: np.random.Generator) -> Colour:
    """Grey, muted or strong, at any brightness."""
    grey = rng.uniform(20, 225)
    blue, green, red = np.clip(
        grey + rng.normal(0, rng.choice((5, 30, 80)), 3), 5, 250
    ).tolist()
    return blue, green, red


def _near(colour: Colour, spread: float, rng: np.random.Generator) -> Colour:
    blue, green, red = np.clip(
        np.array(colour) + rng.normal(0, spread, 3), 5, 250
    ).tolist()
    return blue, green, red


def _cloth(rng: np.random.Generator, banded: float = 0.3) -> Paint:
    colour = _colour(rng)
    if rng.uniform() < banded:
        return Paint(colour, _colour(rng), float(rng.uniform(0.025, 0.09)))
    return Paint(colour)
