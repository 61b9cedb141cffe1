"""The cost of several views, as a table and as a plot."""

from matplotlib.figure import Figure

from .views_benchmark import ViewsBenchmark


def views_report(found: ViewsBenchmark) -> str:
    """A Markdown table, and what it was measured on."""
    header = ['views', 'instants', 'way', 'ms [quartiles]', 'ms a view']
    header += ['times as fast', 'MB at once', 'difference']
    rows = [header, ['---'] * len(header)]
    for cost in found.costs:
        live, count = cost.live_bytes, cost.views * cost.instants
        rows.append(
            [
                str(cost.views),
                str(cost.instants),
                cost.way,
                str(cost.latency),
                f'{cost.latency.median / count:.1f}',
                f'{cost.speedup:.2f}',
                '-' if live is None else f'{live / 1e6:.1f}',
                f'{cost.difference:.1e}',
            ]
        )
    about = (
        'Medians of {repeats} rounds, all ways in each; {threads} threads, {cores} '
        'cores, load before {load}; torch {torch}.'.format(**found.machine)
    )
    return '\n'.join([*('| ' + ' | '.join(row) + ' |' for row in rows), '', about])


def plot_views(found: ViewsBenchmark, file: str) -> None:
    """Draw time and memory of a pass over the number of views.

    Args:
        found: of several numbers of views, best.
        file: picture to write.
    """
    figure = Figure(figsize=(10, 4.5), layout='constrained')
    time, memory = figure.subplots(1, 2)
    kinds = dict.fromkeys((cost.way, cost.instants) for cost in found.costs)
    several = len({instants for _, instants in kinds}) > 1
    for way, instants in kinds:
        costs = [c for c in found.costs if (c.way, c.instants) == (way, instants)]
        style = dict(marker='o', label=f'{way}, {instants} instants')
        if not several:
            style['label'] = way
        views = [cost.views for cost in costs]
        time.plot(views, [cost.latency.median for cost in costs], **style)
        live = [cost.live_bytes for cost in costs]
        if None not in live:
            memory.plot(views, [size / 1e6 for size in live if size], **style)
    ticks = sorted({cost.views for cost in found.costs})
    for axis, title in ((time, 'ms a pass'), (memory, 'MB that tensors take at once')):
        axis.set(xscale='log', yscale='log', xlabel='views', title=title)
        axis.set_xticks(ticks, map(str, ticks))
        axis.minorticks_off()
        axis.grid(alpha=0.3)
        axis.legend()
    figure.suptitle(found.config)
    figure.savefig(file, dpi=100)
