"""Poses in 3D of the people in a video of one camera."""

import argparse

FORMATS = ('npz', 'csv', 'json', 'trc', 'bvh')


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('video', help='a video, or a folder of images')
    parser.add_argument(
        '--rate', type=float, help="frames a second; by default the video's, or 30"
    )
    models = parser.add_argument_group('models')
    models.add_argument(
        '--pose2d',
        required=True,
        metavar='CONFIG',
        help='config or name of a 2D model of MMPose, such as ppt_s_coco',
    )
    models.add_argument('--pose2d-weights', metavar='FILE', help='its checkpoint')
    models.add_argument(
        '--pose3d',
        required=True,
        metavar='CONFIG',
        help='config or name of a lifter, such as hot_motionbert_h36m',
    )
    models.add_argument('--pose3d-weights', metavar='FILE', help='its checkpoint')
    models.add_argument('--det-model', metavar='CONFIG', help='detector of MMDetection')
    models.add_argument('--det-weights', metavar='FILE', help='its checkpoint')
    models.add_argument('--device', help='such as cpu or cuda:0')
    people = parser.add_argument_group('people')
    people.add_argument(
        '--boxes',
        metavar='FILE',
        help='JSON: by the number of the frame, boxes [left, top, right, bottom]; in '
        'other frames people are looked for where they were',
    )
    people.add_argument(
        '--person-thr', type=float, default=0.1, help='lower mean scores are nobody'
    )
    people.add_argument(
        '--max-gap', type=float, default=0.5, metavar='S', help='waits for the unseen'
    )
    people.add_argument(
        '--min-frames', type=int, metavar='N', help='shorter tracks are left out'
    )
    people.add_argument(
        '--batch-size',
        type=int,
        metavar='N',
        help='frames through the 2D model at once; 8, or with --boxes one by one',
    )
    lifting = parser.add_argument_group('2D to 3D')
    lifting.add_argument(
        '--overlap', type=int, metavar='N', help='frames that windows share'
    )
    lifting.add_argument(
        '--place',
        choices=('image', 'person'),
        help="'person': move everybody to where people are in Human3.6M's images",
    )
    lifting.add_argument(
        '--stature', type=float, default=1.7, help='m, for lifters that give pixels'
    )
    stream = parser.add_argument_group('streams')
    stream.add_argument(
        '--stream',
        action='store_true',
        help='read each frame once and write poses as they come; without pictures',
    )
    stream.add_argument(
        '--delay',
        type=int,
        metavar='N',
        help='with --stream: frames after which poses come; by default half a second',
    )
    files = parser.add_argument_group('what is written')
    files.add_argument('--out-dir', metavar='DIR', default='results')
    files.add_argument(
        '--formats', nargs='*', choices=FORMATS, default=list(FORMATS), metavar='FORMAT'
    )
    files.add_argument(
        '--overlays', action='store_true', help='draw keypoints on the frames'
    )
    files.add_argument('--world', action='store_true', help='draw the poses')
    files.add_argument(
        '--score-thr', type=float, default=0.3, help='of keypoints that are drawn'
    )
    args = parser.parse_args()
    if args.delay is not None and not args.stream:
        parser.error('--delay needs --stream')
    if args.stream and (args.overlays or args.world):
        parser.error('--overlays and --world read a video twice, --stream once')
    if args.stream and (args.min_frames or args.batch_size):
        parser.error('--min-frames and --batch-size have no effect with --stream')
    if args.boxes and args.batch_size:
        parser.error('--batch-size has no effect with --boxes')
    return args


def main() -> None:
    args = parse_args()

    from ppt_mmpose.apis.video import (
        VideoPoseInferencer,
        describe,
        run_stream,
        run_video,
    )
    from ppt_mmpose.models.strict_loading import MisfitError

    try:
        inferencer = VideoPoseInferencer(
            args.pose3d,
            args.pose3d_weights,
            pose2d=args.pose2d,
            pose2d_weights=args.pose2d_weights,
            device=args.device,
            det_model=args.det_model,
            det_weights=args.det_weights,
            lifting=dict(overlap=args.overlap, place=args.place),
        )
        both = dict(
            rate=args.rate,
            boxes=args.boxes,
            max_gap=args.max_gap,
            person_thr=args.person_thr,
            stature=args.stature,
        )
        if args.stream:
            print(
                run_stream(
                    inferencer,
                    args.video,
                    args.out_dir,
                    formats=args.formats,
                    delay=args.delay,
                    **both,
                )
            )
            return
        motion = run_video(
            inferencer,
            args.video,
            args.out_dir,
            formats=args.formats,
            overlays=args.overlays,
            world=args.world,
            threshold=args.score_thr,
            options=dict(
                both,
                min_frames=args.min_frames or 1,
                batch_size=args.batch_size or 8,
            ),
        )
    except (ValueError, OSError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print(describe(motion))
    if motion.people or args.overlays:
        print(f'written: {args.out_dir}')


if __name__ == '__main__':
    main()
