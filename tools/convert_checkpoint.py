"""Convert a released TokenPose, PPT or HoT checkpoint for our configs."""

import argparse

from options import add_cfg_options, parsed_cfg_options


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('source', metavar='SRC', help='the released file')
    parser.add_argument('target', metavar='DST', help='the file to write')
    parser.add_argument(
        '--config',
        metavar='NAME',
        help='config that the file belongs to; tells twins apart, such as ppt_s_coco '
        'and the dense baseline of the same repository',
    )
    add_cfg_options(parser)
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    options = parsed_cfg_options(args.cfg_options)

    from ppt_mmpose.converters import ConversionError, convert_checkpoint

    try:
        done = convert_checkpoint(
            args.source, args.target, config=args.config, cfg_options=options
        )
    except (ConversionError, FileNotFoundError) as error:
        raise SystemExit(f'error: {error}\nNothing was written.') from None
    print(f'recognised: {done.family}')
    print(f'fits:       {", ".join(done.fitting)}')
    if done.configs != done.fitting:
        print(f'belongs to: {", ".join(done.configs)} (this origin does not prune)')
    elif len(done.configs) > 1:
        print('These are twins with the same weights; --config tells which one it is.')
    print(f'written:    {done.written}')


if __name__ == '__main__':
    main()
