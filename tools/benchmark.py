"""Time models side by side, made ready in several ways, and compare them."""

import argparse

from options import load_textbook


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'configs',
        nargs='+',
        metavar='CONFIG',
        help='config file of a top-down model, a name as in ppt_s_coco, or one of '
        'another package as in mmpose::body_2d_keypoint/...; the first one is what the '
        'others are compared with',
    )
    parser.add_argument(
        '--ways',
        nargs='+',
        default=['plain', 'optimized'],
        metavar='WAY',
        help='textbook (written as the equations say, from a source tree), plain, '
        'optimized (ppt_mmpose.deploy.optimize_for_inference), compiled (that, with '
        'torch.compile), onnx (ONNX Runtime, in float32)',
    )
    parser.add_argument(
        '--dtypes',
        nargs='+',
        default=['float32'],
        metavar='DTYPE',
        help='float32, bfloat16, float16',
    )
    parser.add_argument(
        '--keep-ratios',
        nargs='+',
        type=float,
        metavar='RATIO',
        help="of models that prune, in (0, 1]; by default the config's own",
    )
    parser.add_argument(
        '--batch-sizes', nargs='+', type=int, default=[1, 32], metavar='SIZE'
    )
    parser.add_argument('--repeats', type=int, default=10, help='timed rounds')
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.benchmark import benchmark, benchmark_report

    args['textbook'] = load_textbook()
    try:
        found = benchmark(args.pop('configs'), **args)
    except (ImportError, ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    print(benchmark_report(found))


if __name__ == '__main__':
    main()
