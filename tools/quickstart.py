"""Draw people, train a small PPT on them, test it, and draw what it looks at.

Everything goes below the current folder: data/drawn_people and
work_dirs/quickstart. Safe to run again.
"""

import argparse
import time


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--train', type=int, default=5700, help='pictures to train on')
    parser.add_argument('--val', type=int, default=300, help='pictures to test on')
    parser.add_argument('--epochs', type=int, help="of the training; the config's")
    parser.add_argument('--workers', type=int, default=2, help='processes that draw')
    parser.add_argument(
        '--since', type=float, help='when the clock started, seconds since 1970'
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    since = args.since or time.time()

    from ppt_mmpose.apis.quickstart import quickstart

    try:
        result = quickstart(
            train=args.train, val=args.val, epochs=args.epochs, workers=args.workers
        )
    except (ValueError, RuntimeError) as error:
        raise SystemExit(f'error: {error}') from None
    minutes, seconds = divmod(round(time.time() - since), 60)
    print(
        '',
        f'coco/AP: {result.ap:.2f} on pictures that it was not trained on',
        f'         {result.mean_pose_ap:.2f} for the mean training pose in each box',
        f'time:    {minutes} min {seconds:02d} s',
        f'weights: {result.checkpoint}',
        'what it looks at: the person, and the patches it keeps, in',
        *(f'  {file}' for file in result.pictures),
        sep='\n',
    )


if __name__ == '__main__':
    main()
