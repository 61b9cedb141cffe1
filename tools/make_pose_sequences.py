"""Put poses in the files of VideoPose3D into the layout that lifters are trained on."""

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('data', choices=('humaneva', 'h36m'))
    parser.add_argument('--out', required=True, type=Path, metavar='DIR', help='made')
    parser.add_argument(
        '--poses', required=True, type=Path, metavar='FILE', help='data_3d_*.npz'
    )
    parser.add_argument(
        '--keypoints',
        type=Path,
        metavar='FILE',
        help='humaneva: data_2d_*.npz of projections, by which cameras are found',
    )
    parser.add_argument(
        '--cameras', type=Path, metavar='FILE', help="h36m: MMPose's cameras.pkl"
    )
    parser.add_argument(
        '--detections', type=Path, metavar='FILE', help='data_2d_*.npz of a detector'
    )
    parser.add_argument(
        '--detector',
        default='cpn_ft_h36m_dbb',
        metavar='NAME',
        help='h36m: for the names of the files of detections',
    )
    parser.add_argument(
        '--subjects', nargs='+', default=['S1', 'S2', 'S3'], help='humaneva: which'
    )
    parser.add_argument(
        '--skip',
        nargs='+',
        default=[],
        metavar='TAKE',
        help='h36m: takes to leave out, such as S9_SittingDown_2',
    )
    args = parser.parse_args()
    needed = 'keypoints' if args.data == 'humaneva' else 'cameras'
    if getattr(args, needed) is None:
        parser.error(f'--{needed} is needed for {args.data}')
    return args


def main() -> None:
    args = parse_args()

    from ppt_mmpose.datasets.pose_sequences import make_h36m, make_humaneva

    try:
        if args.data == 'h36m':
            frames = make_h36m(
                args.out,
                args.poses,
                args.cameras,
                detections_file=args.detections,
                detector=args.detector,
                skip=args.skip,
            )
        else:
            made = make_humaneva(
                args.out,
                args.poses,
                args.keypoints,
                detections_file=args.detections,
                subjects=args.subjects,
            )
            frames = made.frames
            for key, camera in made.cameras.items():
                print(
                    f'{".".join(key)}: {camera.mean:.4f} px in the mean, '
                    f'{camera.largest:.2f} px at most from the keypoints'
                )
    except (ValueError, OSError) as error:
        raise SystemExit(f'error: {error}') from None
    for path, count in frames.items():
        print(f'{path}: {count} frames')


if __name__ == '__main__':
    main()
