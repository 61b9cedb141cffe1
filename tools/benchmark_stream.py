"""Memory and speed of long multi-view streams, with a 2D model that takes no time."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--instants', type=int, default=10_000)
    parser.add_argument('--views', type=int, default=4, help='cameras')
    parser.add_argument(
        '--every', type=int, default=1000, help='instants between two readings'
    )
    parser.add_argument('--batch-size', type=int, default=4, help='instants at once')
    parser.add_argument(
        '--track', action='store_true', help='boxes from the instant before'
    )
    parser.add_argument('--folder', metavar='DIR', help='keep the motion files there')
    parser.add_argument('--json', dest='out', metavar='FILE', help='write it all there')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.analysis.stream_benchmark import benchmark_stream, stream_report

    try:
        found = benchmark_stream(**args)
    except ValueError as error:
        raise SystemExit(f'error: {error}') from None
    print(stream_report(found))


if __name__ == '__main__':
    main()
