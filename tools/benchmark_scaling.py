"""Cost of a token model against the size of its images, keypoints and keep ratio."""

import argparse
from pathlib import Path

from options import load_textbook


def size(text: str) -> tuple:
    try:
        height, width = text.split('x')
        return int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'expected HEIGHTxWIDTH in px, as 256x192, got {text!r}'
        ) from None


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument(
        '--input-sizes',
        nargs='+',
        type=size,
        default=[(192, 256), (288, 384), (384, 512)],
        metavar='HEIGHTxWIDTH',
        help='by default 256x192 384x288 512x384',
    )
    parser.add_argument(
        '--keypoints', nargs='+', type=int, default=[17, 133], metavar='NUMBER'
    )
    parser.add_argument(
        '--keep-ratios', nargs='+', type=float, default=[1, 0.7, 0.5], metavar='RATIO'
    )
    parser.add_argument(
        '--no-latency', dest='latency', action='store_false', help='count only'
    )
    parser.add_argument('--repeats', type=int, default=10, help='timed rounds')
    parser.add_argument('--threads', type=int, help='on the CPU')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    parser.add_argument('--plot', metavar='FILE', help='draw it')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.scaling import (
        measure_scaling,
        plot_scaling,
        scaling_report,
    )

    config, plot = args.pop('config'), args.pop('plot')
    if plot and (not plot.endswith('.png') or not Path(plot).parent.is_dir()):
        raise SystemExit(f'error: --plot: expected NAME.png in a folder, got {plot}')
    try:
        found = measure_scaling(config, textbook=load_textbook(), **args)
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}') from None
    if plot:
        plot_scaling(found, plot)
    print(scaling_report(found))


if __name__ == '__main__':
    main()
