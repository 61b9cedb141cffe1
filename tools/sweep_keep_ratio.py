"""Accuracy, multiply-adds and time of a checkpoint over keep ratios and prune sites."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def blocks(text: str) -> tuple:
    try:
        return tuple(int(block) for block in text.split(','))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'expected 0-based blocks, as 3,6,9, got {text!r}'
        ) from None


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('checkpoint', help='weights that fit the config')
    parser.add_argument(
        '--keep-ratios',
        nargs='+',
        type=float,
        default=[1.0, 0.9, 0.8, 0.7, 0.6, 0.5],
        metavar='RATIO',
        help='in (0, 1]; 1 is always among them',
    )
    parser.add_argument(
        '--prune-sites',
        nargs='+',
        type=blocks,
        metavar='BLOCKS',
        help="sets of 0-based blocks, such as 3,6,9 3; by default the config's own",
    )
    parser.add_argument(
        '--no-accuracy', dest='accuracy', action='store_false', help='time only'
    )
    parser.add_argument('--metric', metavar='NAME', help='of the plot, as coco/AP')
    parser.add_argument(
        '--batch-size', type=int, default=1, help='images of a pass that is timed'
    )
    parser.add_argument('--repeats', type=int, default=20, help='timed rounds')
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--device', default='cpu', help='where it is timed')
    parser.add_argument(
        '--out-dir',
        metavar='DIR',
        default='work_dirs/sweep',
        help='folder for sweep.json, sweep.md, sweep.png and the logs',
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from pathlib import Path

    from ppt_mmpose.analysis.sweep import sweep_keep_ratio
    from ppt_mmpose.analysis.sweep_report import plot_sweep, sweep_report
    from ppt_mmpose.models.strict_loading import MisfitError

    config, checkpoint = args.pop('config'), args.pop('checkpoint')
    metric, folder = args.pop('metric'), Path(args['out_dir'])
    if metric and not args['accuracy']:
        raise SystemExit('error: --metric: has no effect with --no-accuracy')
    if folder.exists() and not folder.is_dir():
        raise SystemExit(f'error: --out-dir: expected a folder, got {folder}')
    try:
        found = sweep_keep_ratio(config, checkpoint, **args)
        report = sweep_report(found)
        (folder / 'sweep.md').write_text(report + '\n')
        plot_sweep(found, str(folder / 'sweep.png'), metric=metric)
    except (ValueError, FileNotFoundError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print(report)


if __name__ == '__main__':
    main()
