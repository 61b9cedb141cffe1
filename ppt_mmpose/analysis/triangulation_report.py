"""The cost of triangulation, as a table and as a plot."""

from typing import Any, List, Optional

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .triangulation_benchmark import TriangulationBenchmark, TriangulationCost


def triangulation_report(found: TriangulationBenchmark) -> str:
    """A Markdown table, and what it was measured on."""
    header = ['views', 'method', 'points', 'ms [quartiles]', 'instants/s', 'us a point']
    header += ['ns a point and view', 'times as fast as the loop', 'found']
    header += ['error, mm: median', '99 %']
    rows = [header, ['---'] * len(header)]
    for cost in found.costs:
        rows.append(
            [
                str(cost.views),
                _name(cost),
                str(cost.points),
                str(cost.time),
                f'{1e6 / (cost.per_point * found.keypoints):.1f}',
                f'{cost.per_point:.1f}',
                f'{1000 * cost.per_point / cost.views:.0f}',
                _shown(cost.speedup),
                f'{cost.found:.1%}',
                _shown(cost.median_error),
                _shown(cost.high_error),
            ]
        )
    about = (
        f'{found.keypoints} keypoints, {found.instants} instants, noise of '
        f'{found.noise:g} px, {found.wrong:.0%} of the keypoints wrong; a loop has the '
        f'points that it does in {found.loop_seconds:g} s. '
        'Medians of {repeats} rounds, all methods in each; {threads} threads, {cores} '
        'cores, load before {load}; torch {torch}.'.format(**found.machine)
    )
    return '\n'.join([*('| ' + ' | '.join(row) + ' |' for row in rows), '', about])


def plot_triangulation(found: TriangulationBenchmark, file: str) -> None:
    """Draw the time of a point over the number of views: ours, and beside the loops.

    Args:
        found: of several numbers of views, best.
        file: picture to write.
    """
    figure = Figure(figsize=(10, 4.5), layout='constrained')
    ours, beside = figure.subplots(1, 2)
    methods = dict.fromkeys(cost.method for cost in found.costs)
    for number, method in enumerate(methods):
        color = f'C{number}'
        own = [c for c in found.costs if c.method == method and not c.loop]
        loop = [c for c in found.costs if c.method == method and c.loop]
        _line(ours, own, color=color, marker='o', label=method)
        if loop:
            _line(beside, own, color=color, alpha=0.4, label=method)
            _line(beside, loop, color=color, marker='s', ls='--', label=_name(loop[0]))
    _slope_of_one(ours, [cost for cost in found.costs if not cost.loop])
    views = sorted({cost.views for cost in found.costs})
    for axis, title in ((ours, 'all points at once'), (beside, 'beside a loop')):
        axis.set(
            xscale='log', yscale='log', xlabel='views', ylabel='us a point', title=title
        )
        axis.set_xticks(views, map(str, views))
        axis.minorticks_off()
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(file, dpi=120)


def _line(axis: Axes, costs: List[TriangulationCost], **style: Any) -> None:
    axis.plot([c.views for c in costs], [c.per_point for c in costs], **style)


def _slope_of_one(axis: Axes, costs: List[TriangulationCost]) -> None:
    """Twice the time for twice the views, through the dearest cost."""
    last = max(costs, key=lambda cost: cost.per_point)
    views = sorted({cost.views for cost in costs})
    times = [last.per_point * count / last.views for count in views]
    axis.plot(views, times, color='gray', linestyle=':', label='slope of one')


def _name(cost: TriangulationCost) -> str:
    return f'{cost.method}, loop' if cost.loop else cost.method


def _shown(value: Optional[float]) -> str:
    return '-' if value is None else f'{value:.1f}'
