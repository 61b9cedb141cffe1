"""A sweep over keep ratios, as a table and as a plot."""

from typing import List, Optional, Sequence

from matplotlib.figure import Figure

from .sweep import Sweep, SweepPoint

DOES_NOT_PAY = 'does not pay'


def sweep_report(found: Sweep) -> str:
    """A Markdown table, with a mark where pruning does not pay on this machine."""
    metrics = list(found.points[0].accuracy)
    header = ['prune blocks', 'keep ratio', 'G multiply-adds']
    header += [f'ms a batch of {found.batch_size} [quartiles]', 'times as fast', '']
    rows = [[*header, *metrics], ['---'] * (len(header) + len(metrics))]
    for point in found.points:
        time, dense = point.latency, point.keep_ratio == 1
        rows.append(
            [
                'none' if dense else _blocks(point),
                f'{point.keep_ratio:g}',
                f'{point.multiply_adds / 1e9:.3f}',
                str(time),
                f'{point.speedup:.2f}',
                'dense' if dense else '' if point.pays else DOES_NOT_PAY,
                *(f'{point.accuracy.get(name, float("nan")):.4f}' for name in metrics),
            ]
        )
    where = (
        'Medians of {repeats} rounds, all of them in each; {device}, {threads} '
        'threads, {cores} cores, load before {load}; torch {torch}. Blocks are '
        '0-based.'.format(**found.machine)
    )
    return '\n'.join([*('| ' + ' | '.join(row) + ' |' for row in rows), '', where])


def plot_sweep(found: Sweep, file: str, *, metric: Optional[str] = None) -> None:
    """Draw accuracy, or keep ratio where none was measured, over time and work.

    Args:
        found: what to draw.
        file: picture to write.
        metric: name of the accuracy; the first one when None.

    Raises:
        ValueError: if there is no such metric.
    """
    names = list(found.points[0].accuracy)
    if metric is not None and metric not in names:
        raise ValueError(f'metric: expected one of {names}, got {metric!r}')
    metric = metric or (names[0] if names else None)
    figure = Figure(figsize=(9, 4), layout='constrained')
    axes = figure.subplots(1, 2, sharey=True)
    dense = found.points[0]
    for site in dict.fromkeys(point.prune_blocks for point in found.points):
        points = [dense] + [p for p in found.points[1:] if p.prune_blocks == site]
        heights = [_height(point, metric) for point in points]
        for axis, widths in zip(axes, (_times(points), _work(points))):
            axis.plot(
                widths, heights, marker='o', label=f'blocks {_blocks(points[-1])}'
            )
    for point in found.points[1:]:
        if not point.pays:
            axes[0].plot(_times([point]), _height(point, metric), 'kx', markersize=12)
    axes[0].set_xlabel(f'ms a batch of {found.batch_size} (x: {DOES_NOT_PAY} here)')
    axes[1].set_xlabel('multiply-adds of an image, G')
    axes[0].set_ylabel(metric or 'keep ratio')
    axes[0].legend()
    figure.suptitle(found.config)
    figure.savefig(file, dpi=120)


def _blocks(point: SweepPoint) -> str:
    return ', '.join(map(str, point.prune_blocks))


def _height(point: SweepPoint, metric: Optional[str]) -> float:
    return point.keep_ratio if metric is None else point.accuracy[metric]


def _times(points: Sequence[SweepPoint]) -> List[float]:
    return [point.latency.median for point in points]


def _work(points: Sequence[SweepPoint]) -> List[float]:
    return [point.multiply_adds / 1e9 for point in points]
