"""Print what models cost: parameters, tokens, multiply-adds and time."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'configs',
        nargs='+',
        metavar='CONFIG',
        help='config file of a top-down model or a lifter, or a name, as in ppt_s_coco '
        'or hot_mixste_h36m',
    )
    parser.add_argument(
        '--keep-ratios',
        nargs='+',
        type=float,
        metavar='RATIO',
        help="in (0, 1]; by default the config's own; not of lifters",
    )
    parser.add_argument(
        '--views',
        type=int,
        metavar='V',
        help='cost of an instant of V views; by default 4 for models that fuse views, '
        'and 1 for others; not of lifters',
    )
    parser.add_argument(
        '--no-latency', dest='latency', action='store_false', help='count only'
    )
    parser.add_argument(
        '--batch-size',
        type=int,
        default=1,
        help='images, instants or sequences of a timed pass',
    )
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--device', default='cpu', help='where it is timed')
    parser.add_argument(
        '--repeats', type=int, default=20, help='timed passes of each keep ratio'
    )
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.analysis import costs_report, get_costs

    try:
        costs = get_costs(args.pop('configs'), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    print(costs_report(costs))


if __name__ == '__main__':
    main()
