"""Compare a checkpoint in lower precisions with itself in float32, on test images."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('checkpoint', help='weights that fit the config')
    parser.add_argument(
        '--dtypes',
        nargs='+',
        default=['bfloat16', 'float16'],
        metavar='DTYPE',
        help='bfloat16, float16',
    )
    parser.add_argument(
        '--max-images', type=int, default=200, help='people of the test set to look at'
    )
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.analysis.precision import compare_precisions, precision_report
    from ppt_mmpose.models.strict_loading import MisfitError

    config, checkpoint = args.pop('config'), args.pop('checkpoint')
    try:
        found = compare_precisions(config, checkpoint, **args)
    except (ValueError, FileNotFoundError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print(precision_report(found))


if __name__ == '__main__':
    main()
