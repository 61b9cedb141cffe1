"""Train a model of ppt_mmpose; the options are those of MMPose's tools/train.py."""

import argparse
import os

from options import add_shared_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='go on from a checkpoint, by default the latest of the work folder',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='mixed precision: in bfloat16 where there is no accelerator',
    )
    parser.add_argument(
        '--no-validate', action='store_true', help='do not evaluate while training'
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the whole batch',
    )
    add_shared_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    os.environ.setdefault('LOCAL_RANK', str(args.pop('local_rank')))
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.apis import train

    train(args.pop('config'), **args)


if __name__ == '__main__':
    main()
