"""Train variants of a config with several seeds, and compare them in one table."""

import argparse


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'study', help='YAML file: config, metric, seeds, options, variants'
    )
    parser.add_argument('work_dir', help='folder of the runs, and of table.md')
    return parser.parse_args()


def main() -> None:
    args = parse_args()

    from ppt_mmpose.apis.study import run_study

    print(run_study(args.study, args.work_dir))


if __name__ == '__main__':
    main()
