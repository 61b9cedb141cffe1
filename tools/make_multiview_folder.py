"""Put the views of several cameras and their calibration into one plain folder."""

import argparse

from options import add_view_options, named_values


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_view_options(parser)
    parser.add_argument('--out', required=True, metavar='DIR', help='made')
    parser.add_argument(
        '--check', action='store_true', help='make nothing: tell what is in DIR'
    )
    parser.add_argument(
        '--start',
        action='append',
        default=[],
        metavar='NAME=FRAME',
        help='the frame, from 0, that is the first instant, for a camera that began '
        'early',
    )
    parser.add_argument(
        '--every', type=int, default=1, metavar='N', help='one of N instants'
    )
    parser.add_argument(
        '--by-order',
        action='store_true',
        help='join images by their order, not by the names of the files',
    )
    parser.add_argument(
        '--shortest', action='store_true', help='end with the shortest camera'
    )
    parser.add_argument(
        '--as', dest='kind', choices=('images', 'videos'), default='images'
    )
    parser.add_argument('--rate', type=float, help='of videos, frames a second')
    parser.add_argument(
        '--copy', action='store_true', help='copy files in place of linking them'
    )
    args = parser.parse_args()
    if not args.check and not (args.camera and args.calibration):
        parser.error('--camera and --calibration are needed to make a folder')
    if args.check and (args.camera or args.calibration):
        parser.error('--check makes nothing: leave --camera and --calibration out')
    return args


def main() -> None:
    args = parse_args()

    from ppt_mmpose.calibration import read_calibration
    from ppt_mmpose.datasets.multiview_folder import (
        MultiViewFolder,
        Selection,
        make_folder,
    )

    try:
        if args.check:
            print(MultiViewFolder(args.out).describe())
            return
        start = named_values('--start', args.start)
        for name, frame in start.items():
            if not frame.isdecimal():
                raise ValueError(f'--start: expected {name}=FRAME, got {frame!r}')
        folder = make_folder(
            args.out,
            named_values('--camera', args.camera),
            read_calibration(args.calibration, format=args.format, unit=args.unit),
            selection=Selection(
                start={name: int(frame) for name, frame in start.items()},
                every=args.every,
                by_order=args.by_order,
                shortest=args.shortest,
            ),
            kind=args.kind,
            rate=args.rate,
            copy=args.copy,
        )
        print(folder.describe())
    except (ValueError, OSError) as error:
        raise SystemExit(f'error: {error}') from None


if __name__ == '__main__':
    main()
