"""Convert calibrations of cameras from one format to another, and check them."""

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'source',
        nargs='?',
        type=Path,
        metavar='IN',
        help='file, or folder where the format is one of folders',
    )
    parser.add_argument(
        'target',
        nargs='?',
        type=Path,
        metavar='OUT',
        help='the same; without it, nothing is written (give --report)',
    )
    parser.add_argument(
        '--from',
        dest='from_format',
        metavar='FORMAT',
        help='of IN; by default told by its name and content',
    )
    parser.add_argument(
        '--to',
        dest='to_format',
        metavar='FORMAT',
        help='of OUT; not needed where only one format has its suffix',
    )
    parser.add_argument(
        '--unit',
        help='of the lengths in IN: m, cm, mm, or a number of metres; by default that '
        'of the format. Anipose and Lightning Pose: that of the board, mm by default',
    )
    parser.add_argument('--subject', help='whose cameras, as S1, where IN has several')
    parser.add_argument(
        '--cameras', nargs='+', metavar='NAME', help='keep these only, in this order'
    )
    parser.add_argument(
        '--keypoints',
        type=Path,
        metavar='FILE.npz',
        help='check against what the cameras saw: keypoints_2d (T, V, J, 2) in px, and '
        'perhaps scores (T, V, J) and keypoints_3d (T, J, 3) in m',
    )
    parser.add_argument(
        '--report',
        action='store_true',
        help='print errors, distances and sizes, not only what is wrong',
    )
    parser.add_argument(
        '--list-formats', action='store_true', help='print all formats, and do no more'
    )
    args = parser.parse_args()
    if args.source is None and not args.list_formats:
        parser.error('the following arguments are required: IN')
    return args


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.calibration.convert import convert_calibration, list_formats

    if args.pop('list_formats'):
        print(list_formats())
        return
    try:
        print(convert_calibration(args.pop('source'), args.pop('target'), **args))
    except (OSError, ValueError) as error:
        raise SystemExit(f'error: {error}') from None


if __name__ == '__main__':
    main()
