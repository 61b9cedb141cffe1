"""Who stays of a sequence of frames: four ways of scoring them (HoT, ablations).

Every way gives a score to each frame; the highest stay, in the order of time.
"""

from dataclasses import dataclass, replace
from typing import Callable, Optional, Protocol, Tuple, Union

import torch
from torch import Tensor

from .density_peaks import density_peak_scores
from .identification import keep_highest


@dataclass(frozen=True)
class SeenFrames:
    """What can be asked of the frames that are there when some are to go.

    Attributes:
        features: ``(B, T, C)``, one vector for each frame.
        keypoints: ``(B, T, J, 2 or more)``, x and y that entered the model.
        attention: gives ``(B, T)``, how much the frames look at each frame in the
            temporal attention before. Not computed unless it is asked for.
        always: ``(B, T)``, bool: one frame of each sequence that stays beside those
            that are scored, whatever its score; None if there is none.
    """

    features: Tensor
    keypoints: Tensor
    attention: Callable[[], Tensor]
    always: Optional[Tensor] = None


class FrameScores(Protocol):
    """A way of scoring frames."""

    def __call__(self, seen: SeenFrames, count: int) -> Tensor:
        """Score.

        Args:
            seen: T frames.
            count: how many are going to stay.

        Returns:
            ``(B, T)``.
        """


class DensityPeakScores:
    """Frames that stand for the others (TPC), see `density_peak_scores`.

    Args:
        neighbours: k, the frame itself among them.
        noise: added to the densities: random numbers from 0 up to this one (1e-6 in the
            released code), or ``(T,)`` numbers that are the same each time; none when
            None.
        break_ties: of equally dense frames, let the earlier one be the denser.
        generator: of the random numbers; PyTorch's own when None.

    Raises:
        ValueError: if ``neighbours`` is below 1.
    """

    def __init__(
        self,
        neighbours: int = 2,
        *,
        noise: Union[float, Tensor, None] = None,
        break_ties: bool = True,
        generator: Optional[torch.Generator] = None,
    ) -> None:
        if neighbours < 1:
            raise ValueError(f'neighbours: expected 1 or more, got {neighbours}')
        self.neighbours = neighbours
        self.noise = noise
        self.break_ties = break_ties
        self.generator = generator

    def __call__(self, seen: SeenFrames, count: int) -> Tensor:
        """Score, see `FrameScores`."""
        noise = self.noise
        if isinstance(noise, (int, float)):
            shape, device = seen.features.shape[:2], seen.features.device
            noise = noise * torch.rand(shape, generator=self.generator, device=device)
        return density_peak_scores(
            seen.features,
            neighbours=self.neighbours,
            noise=noise,
            break_ties=self.break_ties,
        )


def uniform_scores(seen: SeenFrames, count: int) -> Tensor:
    """1 for ``count`` frames at even distances, 0 for the others.

    Where the frame that always stays would be one of them, they are shared out among
    the frames before and after it.
    """
    batch, frames = seen.features.shape[:2]
    places = torch.arange(frames, device=seen.features.device)
    chosen = _even(places, frames, count).expand(batch, -1)
    if seen.always is not None:
        taken = (chosen & seen.always).any(dim=1, keepdim=True)
        chosen = torch.where(taken, _even_around(places, seen.always, count), chosen)
    return chosen.float()


Whole = Union[int, Tensor]


def _even(places: Tensor, frames: Whole, count: Whole) -> Tensor:
    """Whether places are in the middle of ``count`` parts of equal length."""

    def before(place: Tensor) -> Tensor:
        """How many middles, (2 i + 1) frames // (2 count), are before a place."""
        return (2 * count * place + frames - 1) // (2 * frames)

    return before(places + 1) > before(places)


def _even_around(places: Tensor, always: Tensor, count: int) -> Tensor:
    """The same on both sides of a frame, which is none of them, ``(B, T)``."""
    others = max(always.shape[1] - 1, 1)
    centre = always.int().argmax(dim=1, keepdim=True)
    # By how many of the others are before it, rounded; a half is before it.
    earlier = (2 * count * centre + others) // (2 * others)
    after = places > centre
    length = torch.where(after, others - centre, centre).clamp(min=1)
    share = torch.where(after, count - earlier, earlier)
    place = torch.where(after, places - centre - 1, places)
    return _even(place, length, share) & ~always


def motion_scores(seen: SeenFrames, count: int) -> Tensor:
    """How far the joints have moved since the frame before, on average.

    Of the first frame, to the one after it.
    """
    places = seen.keypoints[..., :2].float()
    moved = (places[:, 1:] - places[:, :-1]).norm(dim=-1).mean(dim=-1)
    if not moved.shape[1]:
        return places.new_zeros(places.shape[:2])
    return torch.cat((moved[:, :1], moved), dim=1)


def attention_scores(seen: SeenFrames, count: int) -> Tensor:
    """How much the frames look at each frame."""
    return seen.attention()


def select_frames(
    scores: FrameScores, seen: SeenFrames, count: int, always: Optional[Tensor] = None
) -> Tuple[Tensor, Tensor]:
    """Choose the frames that stay.

    Args:
        scores: the way of scoring.
        seen: T frames.
        count: K, how many stay.
        always: ``(B, T)``, bool: one frame of each sequence that always stays and takes
            no part in the ranking, as in HoT's models that give one frame.

    Returns:
        positions ``(B, K)``, int64, ascending, and the scores ``(B, T)``.
    """
    seen = replace(seen, always=always)
    ranked = scores(seen, count if always is None else max(count - 1, 1))
    order = ranked if always is None else ranked.masked_fill(always, torch.inf)
    return keep_highest(order, count).sort(dim=1).values, ranked
