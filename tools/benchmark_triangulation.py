"""Speed and accuracy of triangulation, beside the usual loops, on made-up keypoints."""

import argparse
from pathlib import Path

from options import load_triangulation_loops


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument('--views', type=int, default=16, metavar='NUMBER')
    size.add_argument(
        '--sweep',
        nargs='+',
        type=int,
        metavar='NUMBER',
        help='several numbers of views, such as 2 4 8 16 32 64',
    )
    parser.add_argument('--keypoints', type=int, default=133, metavar='NUMBER')
    parser.add_argument('--instants', type=int, default=1000, metavar='NUMBER')
    parser.add_argument(
        '--noise', type=float, default=2, metavar='PX', help='of every coordinate'
    )
    parser.add_argument(
        '--wrong',
        type=float,
        default=0.1,
        metavar='SHARE',
        help='of the keypoints, off by 150 px (a standard deviation)',
    )
    parser.add_argument('--repeats', type=int, default=5, help='timed rounds')
    parser.add_argument('--threads', type=int, help='of PyTorch')
    parser.add_argument(
        '--no-loops', dest='loops', action='store_false', help='our methods alone'
    )
    parser.add_argument(
        '--loop-seconds',
        type=float,
        default=2,
        metavar='SECONDS',
        help='a loop gets as many points as it does in this time; one that does fewer '
        'than ten is left out with more views',
    )
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    parser.add_argument('--plot', metavar='FILE', help='draw it')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.triangulation_benchmark import benchmark_triangulation
    from ppt_mmpose.analysis.triangulation_report import (
        plot_triangulation,
        triangulation_report,
    )

    plot, sweep, views = args.pop('plot'), args.pop('sweep'), args.pop('views')
    if plot and (not plot.endswith('.png') or not Path(plot).parent.is_dir()):
        raise SystemExit(f'error: --plot: expected NAME.png in a folder, got {plot}')
    args['loops'] = load_triangulation_loops() if args['loops'] else None
    try:
        found = benchmark_triangulation(sweep or [views], **args)
    except ValueError as error:
        raise SystemExit(f'error: {error}') from None
    if plot:
        plot_triangulation(found, plot)
    print(triangulation_report(found))


if __name__ == '__main__':
    main()
