"""Draw what a checkpoint sees: kept patches, attention, and how keypoints relate."""

import argparse

FIGURES = ('kept', 'heatmaps', 'attention', 'inner', 'keypoints', 'table')


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'source',
        metavar='INPUT',
        help='image, video or image folder; for a model of several views the folder of '
        'a recording (make_multiview_folder)',
    )
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('weights', help='checkpoint that fits the config')
    parser.add_argument('--out-dir', metavar='DIR', default='results')
    parser.add_argument(
        '--figures',
        nargs='+',
        choices=FIGURES,
        default=list(FIGURES),
        help='kept patches, heatmaps (PPT, fig. 5, 6 and 7); attention maps, inner '
        'products of keypoint tokens, attention between keypoints, the two strongest '
        'constraints of each (TokenPose, fig. 3, 4, 5 and table 8; across views PPT, '
        'fig. 8); by default all',
    )
    parser.add_argument(
        '--keypoints',
        nargs='+',
        metavar='NAME',
        help='keypoints of attention maps and heatmaps, such as nose left_wrist; by '
        'default six',
    )
    parser.add_argument(
        '--keep-ratio',
        type=float,
        metavar='R',
        help='part of the patches that stays at each pruning, in place of the config',
    )
    parser.add_argument(
        '--det-model',
        metavar='MODEL',
        default='whole_image',
        help='detector of people; by default one person fills the image, or is where '
        'the labels of a recording say',
    )
    parser.add_argument('--det-weights', metavar='FILE')
    views = parser.add_argument_group('recordings of several views')
    views.add_argument(
        '--instants', nargs='+', metavar='NAME', help='such as 000004; by default all'
    )
    views.add_argument(
        '--view',
        metavar='CAMERA',
        help='whose keypoints look around in the attention maps; by default the first',
    )
    parser.add_argument('--device', help='such as cpu or cuda:0')
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())

    from ppt_mmpose.apis import visualize_tokens
    from ppt_mmpose.models.strict_loading import MisfitError

    source, config, weights = (args.pop(x) for x in ('source', 'config', 'weights'))
    try:
        written = visualize_tokens(source, config, weights, **args)
    except (FileNotFoundError, ValueError, MisfitError) as error:
        raise SystemExit(f'error: {error}') from None
    print('\n'.join(written))


if __name__ == '__main__':
    main()
