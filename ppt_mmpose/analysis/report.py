"""Costs as text."""

from itertools import groupby
from textwrap import fill
from typing import List, Optional, Sequence

from .conventions import CONVENTIONS, Convention
from .cost import Costs, ModelCost, RatioCost

NOTHING = '-'


def costs_report(costs: Costs) -> str:
    """A table for each model, then what its columns mean."""
    models = [_model(model, timed=costs.machine is not None) for model in costs.models]
    return '\n\n'.join([*models, _legend(costs)])


def _model(model: ModelCost, *, timed: bool) -> str:
    width, height = model.input_size
    lines = [
        f'{model.config}: {_million(model.parameters)} parameters, '
        f'{_million(model.trainable)} of them trainable; images of {width}x{height} px'
        + f', {model.views} views of each instant'
        * (model.views > 1)
    ]
    shown = [c for c in CONVENTIONS if c.key != 'papers_views' or model.views > 1]
    header = ['keep ratio', *(convention.title for convention in shown)]
    rows = [header + ['latency, ms'] * timed]
    for cost in model.ratios:
        own = ' (config)' * (cost.keep_ratio == model.configured_keep_ratio)
        row = [f'{cost.keep_ratio:g}{own}', *_counts(cost, shown)]
        rows.append(row + [_latency(cost)] * timed)
        if model.views > 1:
            row = ['  of a view', *_counts(cost, shown, model.views)]
            rows.append(row + [''] * timed)
    lines += ['', *_aligned(rows)]
    if any(cost.tokens for cost in model.ratios):
        lines += ['', 'tokens (keypoint + visual) of block: number', *_tokens(model)]
    if model.outside_the_papers:
        lines += ['', f"{NOTHING} the papers' rules: {model.outside_the_papers}."]
    return '\n'.join(lines)


def _counts(cost: RatioCost, shown: Sequence[Convention], views: int = 1) -> List[str]:
    return [
        _in_units(getattr(cost, convention.key), views * convention.unit)
        for convention in shown
    ]


def _tokens(model: ModelCost) -> List[str]:
    rows = []
    for cost in model.ratios:
        parts, index = [], 0
        for tokens, group in groupby(cost.tokens):
            count = len(list(group))
            blocks = f'{index}-{index + count - 1}' if count > 1 else str(index)
            visual = f'{tokens.keypoints} + {tokens.before}'
            if tokens.after != tokens.before:
                visual += f' -> {tokens.after}'
            if tokens.sequences > 1:
                visual = f'{tokens.sequences} x ({visual})'
            parts.append(f'{blocks}: {visual}')
            index += count
        rows.append(f'{cost.keep_ratio:<4g} ' + ',  '.join(parts))
    return rows


def _legend(costs: Costs) -> str:
    notes = ['Multiply-adds of one forward pass; a test with flips makes two of them.']
    notes += [f'{convention.title}: {convention.rule}' for convention in CONVENTIONS]
    if costs.machine:
        notes.append(
            'latency: median [quartiles] of {repeats} passes of a batch of '
            '{batch_size}, the keep ratios taking turns. Device {device}; threads of '
            'the CPU {threads}, cores {cores}, load before {load}; torch {torch}.'
        )
        notes[-1] = notes[-1].format(**costs.machine)
    return '\n'.join(fill(note, width=88, subsequent_indent='    ') for note in notes)


def _aligned(rows: List[List[str]]) -> List[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        '  '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in rows
    ]


def _million(count: int) -> str:
    return f'{count / 1e6:.2f} M'


def _in_units(count: Optional[int], unit: int) -> str:
    return NOTHING if count is None else f'{count / unit:.3f} G'


def _latency(cost: RatioCost) -> str:
    found = cost.latency
    if found is None:
        return NOTHING
    return str(found)
