"""Time the samples of a training, stage by stage, before the model sees them."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('--images', type=int, default=64, help='different samples')
    parser.add_argument('--repeats', type=int, default=5, help='timed rounds')
    parser.add_argument(
        '--workers', type=int, default=0, help='processes of the loader at the end'
    )
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.analysis.data_benchmark import benchmark_data, data_report

    try:
        found = benchmark_data(args.pop('config'), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    print(data_report(found))


if __name__ == '__main__':
    main()
