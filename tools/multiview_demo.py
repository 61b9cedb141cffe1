"""3D keypoints of a person from the synchronised views of calibrated cameras."""

import argparse

from options import add_view_options, named_values

METHODS = ('robust', 'weighted', 'linear')
# No BVH: links of COCO's keypoints are no tree.
FORMATS = ('npz', 'json', 'csv', 'trc')
UP_AXES = ('+x', '-x', '+y', '-y', '+z', '-z')


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    views = parser.add_argument_group('views')
    views.add_argument(
        'folder',
        nargs='?',
        metavar='FOLDER',
        help='a recording (make_multiview_folder)',
    )
    add_view_options(views, instead='in place of FOLDER: ')
    views.add_argument(
        '--rate', type=float, help="instants a second; by default the videos', or 30"
    )
    models = parser.add_argument_group('models')
    models.add_argument(
        '--pose2d',
        required=True,
        metavar='CONFIG',
        help='config or name of a 2D model of MMPose, such as ppt_s_coco',
    )
    models.add_argument('--weights', metavar='FILE', help='its checkpoint')
    models.add_argument('--det-model', metavar='CONFIG', help='detector of MMDetection')
    models.add_argument('--det-weights', metavar='FILE', help='its checkpoint')
    models.add_argument('--device', help='such as cpu or cuda:0')
    person = parser.add_argument_group('where the person is')
    person.add_argument(
        '--boxes',
        metavar='FILE',
        help='JSON: by camera a box [left, top, right, bottom], or boxes by instant',
    )
    person.add_argument(
        '--track', action='store_true', help='where it was an instant before'
    )
    lifting = parser.add_argument_group('2D and 3D')
    lifting.add_argument('--batch-size', type=int, default=4, help='instants at once')
    lifting.add_argument(
        '--score-thr', type=float, default=0.3, help='weaker 2D keypoints are missing'
    )
    lifting.add_argument('--method', choices=METHODS, default='robust')
    lifting.add_argument(
        '--threshold',
        type=float,
        metavar='PX',
        help='up to which a view agrees with a 3D keypoint; by default a hundredth of '
        'the focal length',
    )
    files = parser.add_argument_group('what is written')
    files.add_argument('--out-dir', metavar='DIR', default='results')
    files.add_argument(
        '--formats', nargs='*', choices=FORMATS, default=list(FORMATS), metavar='FORMAT'
    )
    files.add_argument(
        '--up', choices=UP_AXES, help="the world's upward axis, for TRC and pictures"
    )
    files.add_argument(
        '--overlays', action='store_true', help='draw keypoints on the images'
    )
    files.add_argument('--world', action='store_true', help='draw the person in 3D')
    files.add_argument(
        '--pictures',
        choices=('images', 'videos'),
        help='by default videos of videos, and images of images',
    )
    args = parser.parse_args()
    if bool(args.folder) == bool(args.camera):
        parser.error('expected either FOLDER or --camera')
    if args.camera and not args.calibration:
        parser.error('--calibration is needed with --camera')
    if (args.format or args.unit) and not args.calibration:
        parser.error('--format and --unit need --calibration')
    return args


def main() -> None:
    args = parse_args()

    from ppt_mmpose.apis.multiview import MultiViewPoseInferencer, run_multiview
    from ppt_mmpose.calibration import read_calibration
    from ppt_mmpose.models.strict_loading import MisfitError

    try:
        calibration = args.calibration and read_calibration(
            args.calibration, format=args.format, unit=args.unit
        )
        inputs = args.folder or named_values('--camera', args.camera)
        inferencer = MultiViewPoseInferencer(
            args.pose2d,
            args.weights,
            calibration,
            device=args.device,
            det_model=args.det_model,
            det_weights=args.det_weights,
        )
        summary = run_multiview(
            inferencer,
            inputs,
            args.out_dir,
            rate=args.rate,
            options=dict(
                boxes=args.boxes,
                track=args.track,
                batch_size=args.batch_size,
                score_thr=args.score_thr,
                method=args.method,
                threshold=args.threshold,
            ),
            outputs=dict(
                formats=args.formats,
                overlays=args.overlays,
                world=args.world,
                video=args.pictures and args.pictures == 'videos',
                up=args.up,
            ),
        )
    except (ValueError, OSError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print(f'{summary}\nwritten: {args.out_dir}')


if __name__ == '__main__':
    main()
