"""Time a model of several views against their number, beside a loop over the views."""

import argparse
from pathlib import Path

from options import load_views_textbook


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'config', help='of a model that fuses views, or its name, as in mv_ppt_s_h36m'
    )
    parser.add_argument(
        '--views', nargs='+', type=int, default=[4], metavar='NUMBER', help='of a ring'
    )
    parser.add_argument(
        '--instants',
        nargs='+',
        type=int,
        default=[1, 8],
        metavar='NUMBER',
        help='of a batch, which holds all views of each',
    )
    parser.add_argument(
        '--ways',
        nargs='+',
        default=['plain', 'optimized'],
        metavar='WAY',
        help='textbook (a loop over views in the released order, from a source tree), '
        'plain, optimized (ppt_mmpose.deploy.optimize_for_inference), compiled (that, '
        'with torch.compile); the first one is what the others are compared with',
    )
    parser.add_argument('--repeats', type=int, default=10, help='timed rounds')
    parser.add_argument('--threads', type=int, help='of PyTorch')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    parser.add_argument('--plot', metavar='FILE', help='draw it')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.views_benchmark import benchmark_views
    from ppt_mmpose.analysis.views_report import plot_views, views_report

    config, plot = args.pop('config'), args.pop('plot')
    if plot and (not plot.endswith('.png') or not Path(plot).parent.is_dir()):
        raise SystemExit(f'error: --plot: expected NAME.png in a folder, got {plot}')
    try:
        found = benchmark_views(config, textbook=load_views_textbook(), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    if plot:
        plot_views(found, plot)
    print(views_report(found))


if __name__ == '__main__':
    main()
