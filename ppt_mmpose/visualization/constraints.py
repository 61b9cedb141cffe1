"""On whom each keypoint relies most (TokenPose, table 8)."""

from dataclasses import dataclass
from typing import List, Sequence, Tuple

from ppt_mmpose.tokens import KeypointAttention


@dataclass(frozen=True)
class Constraint:
    """A keypoint, and other keypoints that it attends to.

    Attributes:
        keypoint: its name.
        others: names and attention, the highest first.
    """

    keypoint: str
    others: Tuple[Tuple[str, float], ...]


def strongest_constraints(
    attention: KeypointAttention,
    names: Sequence[str],
    *,
    sample: int = 0,
    count: int = 2,
) -> List[Constraint]:
    """The other keypoints that each keypoint attends to most.

    Args:
        attention: of one block; the paper takes the last.
        names: of the J keypoints.
        sample: number of the crop in its batch.
        count: how many others, fewer than J.

    Raises:
        ValueError: if there are not so many others.
    """
    if not 1 <= count < len(names):
        raise ValueError(f'count: expected 1 to {len(names) - 1}, got {count}')
    between = attention.attention[sample, :, : len(names)].clone()
    # Below every probability: a keypoint is no constraint of its own.
    between.fill_diagonal_(-1)
    values, others = between.topk(count, dim=1)
    return [
        Constraint(name, tuple(zip((names[i] for i in row), scores)))
        for name, row, scores in zip(names, others.tolist(), values.tolist())
    ]


def as_markdown(constraints: Sequence[Constraint]) -> str:
    """The table in the paper's form."""
    count = len(constraints[0].others)
    head = ' | '.join(f'top {i + 1}' for i in range(count))
    lines = [f'| keypoint | {head} |', '|---' * (count + 1) + '|']
    for one in constraints:
        cells = ' | '.join(f'{name} ({_figure(score)})' for name, score in one.others)
        lines.append(f'| {one.keypoint} | {cells} |')
    return '\n'.join(lines).replace('_', ' ') + '\n'


def _figure(score: float) -> str:
    # Guided keypoints look at patches alone: what is left is small, and has an order.
    return f'{score:.3f}' if score >= 0.001 else f'{score:.0e}'
