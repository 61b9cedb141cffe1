"""Make moving people for lifters: 2D as a detector finds it, and the truth in 3D."""

import argparse
import json
from pathlib import Path


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', help='made where it is missing')
    parser.add_argument('--train', type=int, default=160, help='sequences to train on')
    parser.add_argument('--val', type=int, default=40, help='sequences to evaluate on')
    parser.add_argument('--frames', type=int, default=300, help='of a sequence')
    parser.add_argument('--fps', type=float, default=50, help='frames per second')
    parser.add_argument(
        '--cameras', type=int, default=4, help='around each sequence, 1 to 8'
    )
    parser.add_argument(
        '--size', type=int, default=1000, help='width and height of an image, px'
    )
    parser.add_argument('--seed', type=int, default=0, help='same seed, same bytes')
    parser.add_argument('--workers', type=int, default=1, help='processes')
    parser.add_argument(
        '--contact-sheet',
        metavar='FILE',
        help='one picture of the first 8 sequences over time, to look at',
    )
    parser.add_argument(
        '--video',
        metavar='FILE',
        help='an mp4 of a sequence to train on, drawn as its first camera sees it, and '
        'beside it a .json of the boxes of the people',
    )
    parser.add_argument(
        '--video-sequence', type=int, default=0, metavar='N', help='which, from 0'
    )
    parser.add_argument(
        '--video-width', type=int, default=256, metavar='PX', help='and height'
    )
    parser.add_argument(
        '--video-beside',
        type=int,
        metavar='N',
        help='let the person of another sequence move beside the first one',
    )
    args = parser.parse_args()
    if args.video_beside is not None and not args.video:
        parser.error('--video-beside needs --video')
    return args


def main() -> None:
    args = parse_args()

    from mmcv import imwrite

    from ppt_mmpose.datasets.synthetic.sequences import (
        SequencePlan,
        describe,
        make_sequences,
    )
    from ppt_mmpose.datasets.synthetic.sequences.contact_sheet import sequence_sheet
    from ppt_mmpose.datasets.synthetic.sequences.video import (
        beside,
        people_boxes,
        write_video,
    )

    try:
        plan = SequencePlan(
            frames=args.frames,
            fps=args.fps,
            cameras=args.cameras,
            size=args.size,
            seed=args.seed,
        )
        files = make_sequences(
            args.folder, plan, train=args.train, val=args.val, workers=args.workers
        )
        if args.contact_sheet:
            imwrite(sequence_sheet(files['train']), args.contact_sheet)
        if args.video:
            sequence = plan.draw(args.video_sequence)
            others = ()
            if args.video_beside is not None:
                others = (beside(sequence, args.video_beside, 0),)
            drawn = dict(width=args.video_width, companions=others)
            write_video(args.video, sequence, 0, **drawn)
            boxes = people_boxes(sequence, 0, **drawn)
            Path(args.video).with_suffix('.json').write_text(json.dumps(boxes))
    except (ValueError, OSError) as error:
        raise SystemExit(f'error: {error}') from None
    for path in files.values():
        print(path, describe(path), sep='\n')


if __name__ == '__main__':
    main()
