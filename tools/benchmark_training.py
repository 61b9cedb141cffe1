"""Time training steps of models side by side, in several ways, and compare them."""

import argparse

from options import add_cfg_options, load_textbook, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'configs',
        nargs='+',
        metavar='CONFIG',
        help='config file of a top-down model that learns from heatmaps, a name as in '
        'ppt_s_coco, or one of another package as in mmpose::body_2d_keypoint/...; the '
        'first one is what the others are compared with',
    )
    parser.add_argument(
        '--ways',
        nargs='+',
        default=['plain'],
        metavar='WAY',
        help='textbook (written as the equations say, from a source tree), plain, amp '
        '(as --amp trains), bfloat16 (BFloat16OptimWrapper), checkpointed (with_cp of '
        'the neck), compiled (torch.compile); several at once as bfloat16+compiled',
    )
    parser.add_argument('--batch-size', type=int, default=32, help='images of a step')
    parser.add_argument('--repeats', type=int, default=10, help='timed rounds')
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.analysis.training_benchmark import (
        benchmark_training,
        training_report,
    )

    args['textbook'] = load_textbook()
    try:
        found = benchmark_training(args.pop('configs'), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    print(training_report(found))


if __name__ == '__main__':
    main()
