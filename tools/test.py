"""Evaluate a checkpoint; the options are those of MMPose's tools/test.py."""

import argparse
import os

from options import add_shared_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument('checkpoint', help='weights that fit the config')
    parser.add_argument('--out', metavar='FILE', help='json or pickle for the metrics')
    parser.add_argument('--dump', metavar='FILE', help='pickle for all predictions')
    add_shared_options(parser)
    return parser.parse_args()


def main() -> None:
    args = vars(parse_args())
    os.environ.setdefault('LOCAL_RANK', str(args.pop('local_rank')))
    args['cfg_options'] = parsed_cfg_options(args['cfg_options'])

    from ppt_mmpose.apis import test

    test(args.pop('config'), args.pop('checkpoint'), **args)


if __name__ == '__main__':
    main()
