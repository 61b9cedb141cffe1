"""Export a checkpoint to ONNX, compared with PyTorch before the file is there."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('checkpoint', help='weights that fit the config')
    parser.add_argument(
        '--out', metavar='FILE', help='by default the name of the checkpoint, here'
    )
    parser.add_argument(
        '--opset', type=int, default=20, help='of ONNX, 18 to 23; by default 20'
    )
    parser.add_argument(
        '--keep-ratio',
        type=float,
        metavar='R',
        help='part of the patches that stays at each pruning, in place of the config; '
        'it is part of the graph',
    )
    parser.add_argument(
        '--decode',
        action='store_true',
        help='give keypoints and scores instead of heatmaps',
    )
    parser.add_argument(
        '--with-kept', action='store_true', help='give the kept patches, too'
    )
    parser.add_argument(
        '--for-rtmlib',
        action='store_true',
        help='take BGR images normalised as rtmlib does it, for Pose2Sim and Sports2D',
    )
    parser.add_argument(
        '--images',
        nargs='+',
        metavar='PATH',
        help='images, or folders of them, to compare on, each filled by a person; by '
        'default people are drawn',
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.deploy.export_onnx import export_onnx, export_report

    try:
        done = export_onnx(args.pop('config'), args.pop('checkpoint'), **args)
    except (ValueError, FileNotFoundError, ImportError, RuntimeError) as error:
        raise SystemExit(f'error: {error}\nNothing was written.') from None
    print(export_report(done))


if __name__ == '__main__':
    main()
