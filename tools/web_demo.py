"""A page in the browser: people in images, in videos and before several cameras."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog='A tab without its model says what it needs.'
    )
    parser.add_argument(
        '--pose2d', metavar='CONFIG', help='2D model of MMPose, such as ppt_s_coco'
    )
    parser.add_argument(
        '--weights',
        '--pose2d-weights',
        dest='pose2d_weights',
        metavar='FILE',
        help='its checkpoint',
    )
    parser.add_argument('--det-model', metavar='CONFIG', help='detector of MMDetection')
    parser.add_argument('--det-weights', metavar='FILE', help='its checkpoint')
    parser.add_argument(
        '--pose3d', metavar='CONFIG', help='lifter, such as hot_mixste_h36m'
    )
    parser.add_argument('--pose3d-weights', metavar='FILE', help='its checkpoint')
    parser.add_argument('--device', help='such as cpu or cuda:0')
    parser.add_argument('--port', type=int, help='by default a free one from 7860 on')
    parser.add_argument(
        '--host',
        default='127.0.0.1',
        help='by default only this computer reaches the page; 0.0.0.0 lets others',
    )
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    host, port = args.pop('host'), args.pop('port')

    from ppt_mmpose.models.strict_loading import MisfitError

    try:
        from ppt_mmpose.web import GivenModels, serve

        page = serve(GivenModels(**args), host=host, port=port)
    except (ImportError, OSError, ValueError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print(f'Open {page.local_url} in a browser; Ctrl+C ends it.', flush=True)
    page.block_thread()


if __name__ == '__main__':
    main()
