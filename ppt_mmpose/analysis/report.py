"""Costs as text."""

from itertools import groupby
from textwrap import fill
from typing import List, Sequence

from .conventions import CONVENTIONS, LIFTER_CONVENTIONS, Convention
from .cost import Costs, ModelCost, RatioCost
from .lifter_cost import LifterCost
from .lifter_report import lifter_lines
from .table import NOTHING, aligned, in_millions, in_units


def costs_report(costs: Costs) -> str:
    """A table for each model, then what its columns mean."""
    timed = costs.machine is not None
    models = [
        '\n'.join(lifter_lines(model, timed=timed))
        if isinstance(model, LifterCost)
        else _model(model, timed=timed)
        for model in costs.models
    ]
    return '\n\n'.join([*models, _legend(costs)])


def _model(model: ModelCost, *, timed: bool) -> str:
    width, height = model.input_size
    lines = [
        f'{model.config}: {in_millions(model.parameters)} parameters, '
        f'{in_millions(model.trainable)} of them trainable; images of '
        f'{width}x{height} px'
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
    lines += ['', *aligned(rows)]
    if any(cost.tokens for cost in model.ratios):
        lines += ['', 'tokens (keypoint + visual) of block: number', *_tokens(model)]
    if model.outside_the_papers:
        lines += ['', f"{NOTHING} the papers' rules: {model.outside_the_papers}."]
    return '\n'.join(lines)


def _counts(cost: RatioCost, shown: Sequence[Convention], views: int = 1) -> List[str]:
    return [
        in_units(getattr(cost, convention.key), views * convention.unit)
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
    kinds = {isinstance(model, LifterCost): None for model in costs.models}
    for lifters in kinds or {False: None}:
        title = 'Of sequences' if lifters and len(kinds) > 1 else ''
        notes += [title] * bool(title)
        shown = LIFTER_CONVENTIONS if lifters else CONVENTIONS
        notes += [f'{convention.title}: {convention.rule}' for convention in shown]
    if costs.machine:
        notes.append(
            'latency: median [quartiles] of {repeats} passes of a batch of '
            '{batch_size}, the keep ratios taking turns. Device {device}; threads of '
            'the CPU {threads}, cores {cores}, load before {load}; torch {torch}.'
        )
        notes[-1] = notes[-1].format(**costs.machine)
    return '\n'.join(fill(note, width=88, subsequent_indent='    ') for note in notes)


def _latency(cost: RatioCost) -> str:
    found = cost.latency
    if found is None:
        return NOTHING
    return str(found)
