"""Take the student out of a distiller's training checkpoint, for the plain config."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('source', metavar='SRC', help='the training checkpoint')
    parser.add_argument('target', metavar='DST', help='the file to write')
    parser.add_argument(
        '--config',
        metavar='NAME',
        help='config of the student, such as ppt_s_coco; needed where it is none of '
        'the configs of this package',
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    options = parsed_cfg_options(args.cfg_options)

    from ppt_mmpose.converters import ConversionError, export_student

    try:
        done = export_student(
            args.source, args.target, config=args.config, cfg_options=options
        )
    except (ConversionError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}\nNothing was written.') from None
    print(f'fits:    {", ".join(done.configs)}')
    print(f'written: {done.written}')


if __name__ == '__main__':
    main()
