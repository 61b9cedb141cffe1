"""What a character looks like: skin, hair, clothes.

Some of it tells left from right, beyond the face and the front of the shirt: most wear
a sports dress whose left sleeve and left leg have hoops, and nobody's right limbs have.
A watch is worn on the left wrist, where a loose sleeve may cover it, a badge on the
left of the chest.
"""

from dataclasses import dataclass
from typing import Optional

import numpy as np

from .solids import Colour, Paint

# Blue, green, red; from pale to dark.
SKINS = ((190, 205, 240), (165, 190, 232), (130, 165, 215), (95, 135, 190),
         (70, 100, 150), (50, 72, 110), (38, 52, 80))  # fmt: skip
# Part of the people whose clothes tell left from right.
SIDED = 0.85
HAIRS = ((25, 25, 28), (35, 50, 75), (45, 80, 120), (90, 150, 200), (130, 130, 135),
         (35, 60, 140), (200, 205, 210))  # fmt: skip


@dataclass(frozen=True)
class Outfit:
    """Paints and colours by what they are on; None where it is not worn.

    Attributes:
        sleeves: 'long', 'short' or 'none'.
        legs: 'trousers', 'shorts' or 'skirt'.
        looseness: of all cloth, 1 is tight.
        left_arm: hooped cloth down to the wrist, on the left only.
        left_leg: hooped cloth down to the ankle, on the left only.
        front: the line of buttons or a tie down the front of the shirt.
    """

    skin: Paint
    hair: Paint
    long_hair: bool
    eyes: Colour
    lips: Colour
    upper: Paint
    left_arm: Optional[Paint]
    left_leg: Optional[Paint]
    lower: Paint
    belt: Colour
    shoes: Colour
    sleeves: str
    legs: str
    looseness: float
    front: Optional[Paint]
    cap: Optional[Paint]
    watch: Optional[Paint]
    badge: Optional[Paint]
    backpack: Optional[Paint]


def random_outfit(rng: np.random.Generator) -> Outfit:
    """Anyone, wearing anything."""
    skin = _near(SKINS[rng.integers(len(SKINS))], 8, rng)
    upper = Paint(_colour(rng))
    sided = rng.uniform() < SIDED

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
        left_arm=_hoops(rng) if sided else None,
        left_leg=_hoops(rng) if sided else None,
        lower=Paint(_colour(rng)),
        belt=_colour(rng),
        shoes=_colour(rng),
        sleeves=str(rng.choice(('long', 'short', 'none'), p=(0.4, 0.45, 0.15))),
        legs=str(rng.choice(('trousers', 'shorts', 'skirt'), p=(0.55, 0.3, 0.15))),
        looseness=float(rng.uniform(1.0, 1.4)),
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


def _hoops(rng: np.random.Generator) -> Paint:
    """Hoops in a dark and a light colour."""
    dark, light = (np.clip(rng.normal(mean, 25, 3), 5, 250) for mean in (45, 205))
    blue, green, red = light.tolist()
    return Paint(tuple(dark.tolist()), (blue, green, red), rng.uniform(0.06, 0.09))
