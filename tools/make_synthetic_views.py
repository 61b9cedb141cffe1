"""Draw people from several cameras, and write them as multi-view folders."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--out', required=True, metavar='DIR', help='train/ and val/ are made in it'
    )
    parser.add_argument(
        '--layout',
        default='ring',
        choices=('ring', 'lab', 'slope'),
        help='cameras all around; below the ceiling of a room; or all on one side, '
        'farther away',
    )
    parser.add_argument('--cameras', type=int, default=4, help='2 to 8')
    parser.add_argument('--instants', type=int, default=200, help='to train on')
    parser.add_argument('--val-instants', type=int, default=50, help='to evaluate on')
    parser.add_argument(
        '--same-cameras',
        action='store_true',
        help='evaluate with the cameras of training; otherwise they stand elsewhere',
    )
    parser.add_argument(
        '--size', type=int, default=256, help='width and height of an image, px'
    )
    parser.add_argument(
        '--lens', action='store_true', help='with the distortion of wide-angle lenses'
    )
    parser.add_argument(
        '--obstructed',
        type=float,
        default=0.15,
        metavar='SHARE',
        help='of the keypoints that things hide, beyond those that the body hides '
        'itself, 0 to 0.5; with 0 nothing stands in the way',
    )
    parser.add_argument('--seed', type=int, default=0, help='same seed, same bytes')
    parser.add_argument('--workers', type=int, default=1, help='processes')
    parser.add_argument(
        '--picture',
        metavar='FILE',
        help='one picture of the first instant with its labels, to look at',
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()

    from mmcv import imwrite

    from ppt_mmpose.datasets.synthetic.views import Plan, hidden_shares, make_views
    from ppt_mmpose.datasets.synthetic.views.picture import instant_picture

    try:
        recordings = make_views(
            args.out,
            Plan(
                layout=args.layout,
                cameras=args.cameras,
                size=args.size,
                lens=args.lens,
                obstructed=args.obstructed,
                seed=args.seed,
            ),
            train=args.instants,
            val=args.val_instants,
            same_cameras=args.same_cameras,
            workers=args.workers,
        )
    except (ValueError, OSError) as error:
        raise SystemExit(f'error: {error}') from None
    if args.picture:
        imwrite(instant_picture(recordings['train'], 0), args.picture)
    for recording in recordings.values():
        print(recording.path, recording.describe(), sep='\n')
        for camera, (share, obstructed) in hidden_shares(recording).items():
            print(f'{camera}: {share:.1%} hidden, {obstructed:.1%} by things')


if __name__ == '__main__':
    main()
