"""A handful of stick figures in COCO's format, for tests that must read files."""

import json

import cv2
import numpy as np

# Nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; a person 1 high.
POSE = np.array(
    [
        [0.5, 0.08],
        [0.52, 0.06],
        [0.48, 0.06],
        [0.54, 0.07],
        [0.46, 0.07],
        [0.6, 0.2],
        [0.4, 0.2],
        [0.65, 0.35],
        [0.35, 0.35],
        [0.68, 0.48],
        [0.32, 0.48],
        [0.56, 0.5],
        [0.44, 0.5],
        [0.57, 0.72],
        [0.43, 0.72],
        [0.58, 0.95],
        [0.42, 0.95],
    ]
)
SIZE = 128
# Of a config in MMPose's text style that has a base: reading without augmentation.
PLAIN_PIPELINE = """
pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(192, 256), use_udp=True),
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(type='PackPoseInputs'),
]
"""


def draw(folder, count=6, seed=0):
    """Write ``count`` images and ``people.json`` into a folder; return its path."""
    rng = np.random.RandomState(seed)
    folder.mkdir(parents=True, exist_ok=True)
    images, people = [], []
    for index in range(1, count + 1):
        image = rng.randint(0, 80, (SIZE, SIZE, 3), dtype=np.uint8)
        joints = (POSE + 0.03 * rng.standard_normal(POSE.shape)) * 0.8 * SIZE + 12
        for joint, point in enumerate(joints):
            colour = (255, 15 * joint, 255 - 15 * joint)
            cv2.circle(image, tuple(int(v) for v in point), 3, colour, -1)
        name = f'{index:012d}.jpg'
        cv2.imwrite(str(folder / name), image)
        images.append(dict(id=index, file_name=name, width=SIZE, height=SIZE))
        low, high = joints.min(0), joints.max(0)
        people.append(
            dict(
                id=index,
                image_id=index,
                category_id=1,
                iscrowd=0,
                area=float(np.prod(high - low)),
                bbox=[*low.tolist(), *(high - low).tolist()],
                num_keypoints=17,
                keypoints=np.column_stack((joints, np.full(17, 2))).ravel().tolist(),
            )
        )
    content = dict(
        images=images,
        annotations=people,
        categories=[dict(id=1, name='person', keypoints=[], skeleton=[])],
    )
    (folder / 'people.json').write_text(json.dumps(content))
    return folder


def data_options(folder, workers=0):
    """``--cfg-options`` that read these people in training and evaluation."""
    options = [f'{e}_evaluator.ann_file={folder}/people.json' for e in ('val', 'test')]
    for loader in ('train', 'val', 'test'):
        dataset = f'{loader}_dataloader.dataset'
        options += [
            f'{dataset}.data_root={folder}',
            f'{dataset}.ann_file=people.json',
            f'{dataset}.data_prefix.img=',
            f'{loader}_dataloader.num_workers={workers}',
            f'{loader}_dataloader.persistent_workers={bool(workers)}',
            f'{loader}_dataloader.batch_size=3',
        ]
        if loader != 'train':
            options.append(f'{dataset}.bbox_file=None')
    return options
