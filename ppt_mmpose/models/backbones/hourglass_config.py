"""The hourglass of a lifter, from what a config says of it."""

from typing import Any, Dict, Optional, Sequence

from torch import nn

from ppt_mmpose.config_values import (
    number_from,
    one_of,
    whole_number,
    whole_numbers,
    yes_or_no,
)
from ppt_mmpose.tokens import (
    DensityPeakScores,
    FrameScores,
    Hourglass,
    LinearRecovery,
    NearestRecovery,
    RecoveringAttention,
    attention_scores,
    motion_scores,
    uniform_scores,
)

SELECTIONS: Dict[str, FrameScores] = dict(
    uniform=uniform_scores, attention=attention_scores, motion=motion_scores
)
RECOVERIES = ('attention', 'nearest', 'linear')


def build_hourglass(
    dim: int,
    frames: int,
    num_heads: int,
    *,
    prune_blocks: Sequence[int],
    kept_frames: Sequence[int],
    selection: str = 'cluster',
    neighbours: int = 2,
    density_noise: Optional[float] = None,
    recovery: Optional[str] = 'attention',
    position: Optional[bool] = None,
    keep_centre: Optional[bool] = None,
) -> Hourglass:
    """Build it.

    Args:
        dim: C, channels of a token.
        frames: T, the longest sequence.
        num_heads: H of the recovering attention.
        prune_blocks: 0-based blocks before which frames are pruned, from 1 on.
        kept_frames: how many frames stay at each.
        selection: ``'cluster'`` (density peaks, TPC), ``'uniform'``, ``'attention'``
            or ``'motion'``.
        neighbours: of density peaks, the frame itself among them; 1 to T. In a sequence
            of fewer frames, all are neighbours.
        density_noise: random numbers from 0 up to this one are added to densities, as
            the released code does with 1e-6; each pass then gives other frames.
        recovery: ``'attention'`` (TRA), ``'nearest'``, ``'linear'``, or None for what
            is left: HoT's models that give one frame.
        position: add a learned encoding to kept frames; where there is a recovery when
            None, as released.
        keep_centre: the centre frame always stays; where there is no recovery when
            None, as released.

    Raises:
        ValueError: if a word or number cannot be, or a setting has no effect.
    """
    if recovery is not None:
        one_of('recovery', recovery, RECOVERIES)
    whole_number('neighbours', neighbours, least=1, most=frames)
    return Hourglass(
        dim,
        frames,
        blocks=whole_numbers('prune_blocks', prune_blocks),
        counts=whole_numbers('kept_frames', kept_frames),
        scores=_scores(selection, neighbours, density_noise),
        recovery=_recovery(recovery, dim, num_heads, frames),
        position=_or('position', position, recovery is not None),
        keep_centre=_or('keep_centre', keep_centre, recovery is None),
    )


def hourglass_of(
    config: Optional[dict], dim: int, frames: int, num_heads: int
) -> Optional[Hourglass]:
    """The hourglass of a backbone's config; None for a model that never prunes.

    Raises:
        ValueError: naming an argument that there is not.
    """
    if config is None:
        return None
    config = dict(config)
    known = set(build_hourglass.__kwdefaults__ or {}) | {'prune_blocks', 'kept_frames'}
    wrong = sorted({*config} - known)
    missing = sorted({'prune_blocks', 'kept_frames'} - {*config})
    if wrong or missing:
        raise ValueError(
            f'hourglass: expected prune_blocks, kept_frames and any of '
            f'{tuple(sorted(known))}, got {tuple(config)}'
        )
    return build_hourglass(dim, frames, num_heads, **config)


def _or(name: str, value: Optional[bool], released: bool) -> bool:
    return released if value is None else yes_or_no(name, value)


def _scores(
    selection: str, neighbours: int, density_noise: Optional[float]
) -> FrameScores:
    one_of('selection', selection, ('cluster', *SELECTIONS))
    if selection == 'cluster':
        noise: Optional[float] = None
        if density_noise is not None:
            noise = number_from('density_noise', density_noise, 0)
        return DensityPeakScores(neighbours, noise=noise)
    if neighbours != 2 or density_noise is not None:
        raise ValueError(
            f'selection={selection!r}: expected no neighbours or density_noise, which '
            f"belong to selection='cluster', got neighbours={neighbours}, "
            f'density_noise={density_noise}'
        )
    return SELECTIONS[selection]


def _recovery(
    recovery: Optional[str], dim: int, num_heads: int, frames: int
) -> Optional[nn.Module]:
    choices: Dict[Optional[str], Any] = dict(
        nearest=NearestRecovery, linear=LinearRecovery
    )
    if recovery == 'attention':
        return RecoveringAttention(dim, num_heads, frames)
    return choices[recovery]() if recovery else None
