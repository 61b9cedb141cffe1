"""Memory and speed of a long video through a 2D model and lifters."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('video')
    parser.add_argument(
        'lifters', nargs='+', metavar='LIFTER', help='configs; the first is compared to'
    )
    parser.add_argument('--pose2d', required=True, metavar='CONFIG')
    parser.add_argument('--pose2d-weights', metavar='FILE')
    parser.add_argument('--device', help='such as cpu or cuda:0')
    parser.add_argument(
        '--every', type=int, default=1000, help='frames between two readings'
    )
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument(
        '--no-flip',
        dest='flip',
        action='store_false',
        help='lift each sequence once, not its mirror image as well',
    )
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.video_benchmark import benchmark_video, video_report

    try:
        found = benchmark_video(args.pop('video'), args.pop('lifters'), **args)
    except (ValueError, OSError) as error:
        raise SystemExit(f'error: {error}') from None
    print(video_report(found))


if __name__ == '__main__':
    main()
