"""Draw people, and write them as images with COCO's person-keypoint json."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', help='made where it is missing')
    parser.add_argument('--train', type=int, default=6000, help='pictures to train on')
    parser.add_argument('--val', type=int, default=500, help='pictures to evaluate on')
    parser.add_argument('--seed', type=int, default=0, help='same seed, same bytes')
    parser.add_argument(
        '--size',
        type=int,
        nargs=2,
        default=(192, 256),
        metavar=('WIDTH', 'HEIGHT'),
        help='of a picture, px',
    )
    parser.add_argument('--workers', type=int, default=1, help='processes')
    parser.add_argument(
        '--contact-sheet',
        metavar='FILE',
        help='one picture of the first 24, to look at',
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()

    from mmcv import imwrite

    from ppt_mmpose.datasets.synthetic import contact_sheet, make_dataset
    from ppt_mmpose.evaluation import mean_pose_ap

    try:
        files = make_dataset(
            args.folder,
            train=args.train,
            val=args.val,
            seed=args.seed,
            size=tuple(args.size),
            workers=args.workers,
        )
        if args.contact_sheet:
            imwrite(contact_sheet(files['train']), args.contact_sheet)
    except ValueError as error:
        raise SystemExit(f'error: {error}') from None
    floor = mean_pose_ap(files['train'], files['val'])
    print(*files.values(), sep='\n')
    print(f'AP of the mean training pose in the labelled boxes: {floor:.3f}')


if __name__ == '__main__':
    main()
