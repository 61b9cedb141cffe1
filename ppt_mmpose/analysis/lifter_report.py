"""Costs of lifters as text."""

from itertools import groupby
from typing import List

from .conventions import LIFTER_CONVENTIONS
from .lifter_cost import LifterCost, OutputCost
from .table import NOTHING, aligned, in_millions, in_units


def lifter_lines(model: LifterCost, *, timed: bool) -> List[str]:
    """A table of one lifter: of a sequence, and of each frame that comes out.

    Args:
        model: what it costs.
        timed: add the time of a batch.
    """
    frames, joints, channels = model.sequence
    lines = [
        f'{model.config}: {in_millions(model.parameters)} parameters, '
        f'{in_millions(model.trainable)} of them trainable; sequences of {frames} '
        f'frames of {joints} joints, {channels} numbers each'
    ]
    header = ['output', *(convention.title for convention in LIFTER_CONVENTIONS)]
    rows = [header + ['latency, ms'] * timed]
    for cost in model.outputs:
        own = ' (config)' * (cost.output == model.configured_output)
        title = f'{cost.output}: {cost.frames} frame' + 's' * (cost.frames > 1)
        time = NOTHING if cost.latency is None else str(cost.latency)
        rows.append([title + own, *_counts(cost)] + [time] * timed)
        if cost.frames > 1:
            rows.append(['  of a frame', *_counts(cost, cost.frames)] + [''] * timed)
    lines += ['', *aligned(rows), '', 'frames of block: number', _frames(model)]
    return lines


def _counts(cost: OutputCost, frames: int = 1) -> List[str]:
    return [
        in_units(getattr(cost, convention.key), frames * convention.unit)
        for convention in LIFTER_CONVENTIONS
    ]


def _frames(model: LifterCost) -> str:
    parts, index = [], 0
    for frames, group in groupby(model.frames_of_blocks):
        count = len(list(group))
        blocks = f'{index}-{index + count - 1}' if count > 1 else str(index)
        parts.append(f'{blocks}: {frames}')
        index += count
    return ',  '.join(parts)
