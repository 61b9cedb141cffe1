"""Print a config without bases, to paste into a project or to keep as one file."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    options = parsed_cfg_options(args.cfg_options)

    from ppt_mmpose.apis import flat_config

    print(flat_config(args.config, cfg_options=options), end='')


if __name__ == '__main__':
    main()
