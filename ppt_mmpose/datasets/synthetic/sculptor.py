"""The shapes of a dressed body, and where its keypoints are."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from .outfit import Outfit
from .skeleton import SOLE, Array, Frames
from .solids import Cone, Ellipsoid, Paint, Solid

Offset = Tuple[float, float, float]

# COCO's keypoints in COCO's order.
KEYPOINTS: Tuple[str, ...] = (
    'nose',
    *(f'{side}_{name}' for name in ('eye', 'ear') for side in ('left', 'right')),
    *(
        f'{side}_{name}'
        for name in ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
        for side in ('left', 'right')
    ),
)
# The segment that begins at a keypoint.
_BEGINS = dict(
    shoulder='upper_arm',
    elbow='forearm',
    wrist='hand',
    hip='thigh',
    knee='shin',
    ankle='foot',
)


@dataclass(frozen=True)
class Build:
    """Size and shape of a character.

    Attributes:
        stature: metres.
        girth: thickness of trunk and limbs; 1 is average.
        shoulders: width of the chest; 1 is average.
    """

    stature: float
    girth: float
    shoulders: float


class Sculptor:
    """The solids and the keypoints of one posed body.

    Lengths in it are metres at a stature of 1.7.

    Args:
        build: size and shape.
        outfit: what it wears.
        frames: where its segments are.
    """

    def __init__(self, build: Build, outfit: Outfit, frames: Frames) -> None:
        self.outfit = outfit
        self.frames = frames
        self.scale = build.stature / 1.7
        self.girth = build.girth
        self.shoulders = build.shoulders
        # Cloth over flesh. At 1.55, sleeves and trousers are as thick around each joint
        # as labels.DEPTH_WITHIN allows; a wide skirt hides the knees.
        self.cloth = min(build.girth * outfit.looseness, 1.55)
        # Heads grow less than bodies do.
        self.head_scale = 0.45 + 0.55 * self.scale

    def keypoints(self) -> Array:
        """``(17, 3)``, world metres, in COCO's order."""
        points = []
        for name in KEYPOINTS:
            side, _, what = name.rpartition('_')
            if what in _BEGINS:
                points.append(self.frames.origins[f'{side}_{_BEGINS[what]}'])
            else:
                points.append(self._face_point(what, -1 if side == 'right' else 1))
        return np.stack(points)

    def _face_point(self, what: str, sign: int) -> Array:
        offset = dict(
            nose=(0.128, 0, 0.075),
            eye=(0.098, 0.034 * sign, 0.112),
            ear=(0.012, 0.082 * sign, 0.092),
        )[what]
        return self._at('head', offset, self.head_scale)

    def _at(
        self,
        segment: str,
        offset: Offset,
        scale: Optional[float] = None,
    ) -> Array:
        x, y, z = (value * (scale or self.scale) for value in offset)
        return self.frames.point(segment, (x, y, z))

    def _ball(
        self,
        part: str,
        segment: str,
        offset: Offset,
        radii: Offset,
        paint: Paint,
        scale: Optional[float] = None,
    ) -> Ellipsoid:
        scale = scale or self.scale
        axes = self.frames.axes[segment]
        centre = self._at(segment, offset, scale)
        return Ellipsoid(part, paint, centre, axes, np.array(radii) * scale)

    def _tube(
        self,
        part: str,
        start: Array,
        end: Array,
        radii: Tuple[float, float],
        paint: Paint,
    ) -> Cone:
        first, last = (radius * self.scale for radius in radii)
        return Cone(part, paint, start, end, first, last)

    def solids(self) -> List[Solid]:
        """From the trunk outwards."""
        solids = [*self._trunk(), *self._head()]
        for side in ('left', 'right'):
            solids += [*self._arm(side), *self._leg(side)]
        return solids + self._carried()

    def _trunk(self) -> List[Solid]:
        w, outfit = self.shoulders, self.outfit
        g = 0.6 * self.girth + 0.4 * self.cloth
        neck = self.frames.origins['head']
        arms = [self.frames.origins[f'{side}_upper_arm'] for side in ('left', 'right')]
        inner = [neck * 0.25 + arm * 0.75 for arm in arms]
        front = 0.1 * g
        throat = self._at('chest', (0, 0, 0.28))
        waist = Paint(outfit.belt)
        solids: List[Solid] = [
            self._ball(
                'pelvis', 'pelvis', (0, 0, -0.01), (0.11 * g, 0.15 * g, 0.12),
                outfit.lower,
            ),
            self._ball(
                'belly', 'pelvis', (0.01, 0, 0.11), (0.105 * g, 0.142 * g, 0.13),
                outfit.upper,
            ),
            self._ball(
                'belt', 'pelvis', (0, 0, 0.05), (0.112 * g, 0.15 * g, 0.04), waist
            ),
            self._ball(
                'chest', 'chest', (0, 0, 0.14), (0.112 * g, 0.165 * g * w, 0.2),
                outfit.upper,
            ),
            self._tube('shoulders', inner[0], inner[1], (0.058, 0.058), outfit.upper),
            self._tube('neck', throat, neck, (0.055, 0.05), outfit.skin),
        ]  # fmt: skip
        if outfit.front is not None:
            top = self._at('chest', (front * 0.95, 0, 0.24))
            low = self._at('chest', (front * 1.08, 0, 0.04))
            solids.append(self._tube('front', top, low, (0.02, 0.02), outfit.front))
        collar = (0.045, 0.045, 0.06)
        solids.append(
            self._ball('collar', 'chest', (front * 0.45, 0, 0.275), collar, outfit.skin)
        )
        return solids

    def _head(self) -> List[Solid]:
        outfit, scale = self.outfit, self.head_scale
        white, dark = Paint((235, 235, 235)), Paint(outfit.eyes)
        parts: List[Tuple[str, Offset, Offset, Paint]] = [
            ('head', (0.015, 0, 0.085), (0.097, 0.076, 0.118), outfit.skin),
            ('hair', (-0.014, 0, 0.115), (0.1, 0.085, 0.112), outfit.hair),
            ('nose', (0.112, 0, 0.075), (0.024, 0.015, 0.024), outfit.skin),
            ('mouth', (0.095, 0, 0.03), (0.014, 0.028, 0.009), Paint(outfit.lips)),
        ]
        for sign in (1, -1):
            parts += [
                ('eye', (0.09, 0.034 * sign, 0.112), (0.016, 0.02, 0.015), white),
                ('eye', (0.1, 0.034 * sign, 0.112), (0.012, 0.012, 0.013), dark),
                ('ear', (0.012, 0.08 * sign, 0.092), (0.02, 0.014, 0.034), outfit.skin),
            ]
        if outfit.long_hair:
            parts.append(('hair', (-0.06, 0, 0.03), (0.055, 0.085, 0.15), outfit.hair))
        if outfit.cap is not None:
            parts += [
                ('cap', (0, 0, 0.155), (0.112, 0.093, 0.075), outfit.cap),
                ('cap', (0.12, 0, 0.15), (0.07, 0.06, 0.012), outfit.cap),
            ]
        return [
            self._ball(part, 'head', offset, radii, paint, scale)
            for part, offset, radii, paint in parts
        ]

    def _arm(self, side: str) -> List[Solid]:
        outfit, g, c = self.outfit, self.girth, self.cloth
        shoulder, elbow, wrist = (
            self.frames.origins[f'{side}_{name}']
            for name in ('upper_arm', 'forearm', 'hand')
        )
        hooped = outfit.left_arm if side == 'left' else None
        sleeve, bare = hooped or outfit.upper, outfit.skin
        upper, fore = f'{side}_upper_arm', f'{side}_forearm'
        solids: List[Solid] = []
        if outfit.sleeves == 'long' or hooped:
            solids.append(
                self._tube(upper, shoulder, elbow, (0.06 * c, 0.047 * c), sleeve)
            )
            solids.append(
                self._tube(fore, elbow, wrist, (0.045 * c, 0.036 * c), sleeve)
            )
        else:
            solids.append(
                self._tube(upper, shoulder, elbow, (0.052 * g, 0.041 * g), bare)
            )
            solids.append(self._tube(fore, elbow, wrist, (0.041 * g, 0.029 * g), bare))
        if outfit.sleeves == 'short' and not hooped:
            half = shoulder * 0.45 + elbow * 0.55
            solids.append(
                self._tube(upper, shoulder, half, (0.063 * c, 0.058 * c), sleeve)
            )
        if side == 'left' and outfit.watch is not None:
            near = wrist * 0.88 + elbow * 0.12
            solids.append(
                self._tube(fore, near, wrist, (0.038 * g, 0.036 * g), outfit.watch)
            )
        solids.append(
            self._ball(
                f'{side}_hand',
                f'{side}_hand',
                (0, 0, -0.07),
                (0.042, 0.024, 0.085),
                bare,
            )
        )
        return solids

    def _leg(self, side: str) -> List[Solid]:
        outfit, g, c = self.outfit, self.girth, self.cloth
        hip, knee, ankle = (
            self.frames.origins[f'{side}_{name}'] for name in ('thigh', 'shin', 'foot')
        )
        thigh, shin = f'{side}_thigh', f'{side}_shin'
        hooped = outfit.left_leg if side == 'left' else None
        cloth = hooped or outfit.lower
        solids: List[Solid] = []
        if outfit.legs == 'trousers' or hooped:
            solids.append(self._tube(thigh, hip, knee, (0.09 * c, 0.064 * c), cloth))
            solids.append(self._tube(shin, knee, ankle, (0.06 * c, 0.048 * c), cloth))
        else:
            solids.append(
                self._tube(thigh, hip, knee, (0.084 * g, 0.056 * g), outfit.skin)
            )
            solids.append(
                self._tube(shin, knee, ankle, (0.055 * g, 0.036 * g), outfit.skin)
            )
            end = hip * 0.35 + knee * 0.65 if outfit.legs == 'shorts' else knee
            wide = 0.083 if outfit.legs == 'shorts' else 0.105
            solids.append(
                self._tube(thigh, hip, end, (0.095 * c, wide * c), outfit.lower)
            )
        heel = self._at(f'{side}_foot', (-0.045, 0, 0.04 - SOLE * 1.7))
        toe = self._at(f'{side}_foot', (0.15, 0, 0.032 - SOLE * 1.7))
        shoe = Paint(outfit.shoes)
        solids.append(self._tube(f'{side}_foot', heel, toe, (0.042, 0.034), shoe))
        solids.append(self._tube(f'{side}_foot', ankle, heel, (0.042, 0.04), shoe))
        return solids

    def _carried(self) -> List[Solid]:
        outfit, g = self.outfit, self.girth
        solids: List[Solid] = []
        if outfit.backpack is not None:
            solids.append(
                self._ball(
                    'backpack', 'chest', (-0.17 * g, 0, 0.12), (0.11, 0.14, 0.2),
                    outfit.backpack,
                )
            )  # fmt: skip
        if outfit.badge is not None:
            solids.append(
                self._ball(
                    'badge', 'chest', (0.09 * g, 0.075, 0.2), (0.022, 0.034, 0.034),
                    outfit.badge,
                )
            )  # fmt: skip
        return solids
