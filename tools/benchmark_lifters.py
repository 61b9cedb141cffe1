"""Time video lifters side by side: frames a second, and ratios."""

import argparse

from options import (
    add_cfg_options,
    at_least,
    load_lifter_textbook,
    parsed_cfg_options,
)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'configs',
        nargs='+',
        metavar='CONFIG',
        help='config file of a lifter, or a name, as in hot_mixste_h36m; the first one '
        'is what the others are compared with',
    )
    parser.add_argument(
        '--ways',
        nargs='+',
        default=['plain'],
        metavar='WAY',
        help='textbook (the released order, from a source tree; not of MHFormer), '
        "mmpose (MMPose's DSTFormer with the same weights, of MotionBERT), plain, "
        'bfloat16 (under autocast), compiled (torch.compile)',
    )
    parser.add_argument(
        '--outputs',
        nargs='+',
        default=['all', 'centre'],
        metavar='OUTPUT',
        help='all (all frames of a sequence come out), centre (a window for each '
        'frame); models are left out of one that they do not give',
    )
    parser.add_argument(
        '--batch-size',
        type=at_least(1),
        default=1,
        help='sequences, or windows, of a pass',
    )
    parser.add_argument(
        '--repeats', type=at_least(2), default=9, help='timed rounds, 2 or more'
    )
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.analysis.lifter_benchmark import (
        benchmark_lifters,
        lifter_benchmark_report,
    )

    args['textbook'] = load_lifter_textbook()
    try:
        found = benchmark_lifters(args.pop('configs'), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    print(lifter_benchmark_report(found))


if __name__ == '__main__':
    main()
