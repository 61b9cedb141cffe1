"""Print a config without bases, to paste into a project or to keep as one file."""

import argparse
from pathlib import Path

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file, or its name, as in ppt_s_coco')
    parser.add_argument(
        '--out', metavar='FILE', help='write it there; mim adds lines to what it prints'
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    options = parsed_cfg_options(args.cfg_options)

    from ppt_mmpose.apis import flat_config

    text = flat_config(args.config, cfg_options=options)
    if args.out:
        Path(args.out).write_text(text)
    else:
        print(text, end='')


if __name__ == '__main__':
    main()
