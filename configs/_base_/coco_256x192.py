"""COCO keypoints at 256x192 (height x width), with the released augmentation.

MMPose's own pieces, and where they differ from the released code:

- Rotation is drawn from a normal distribution cut at one sigma and scaled to 90
  degrees (standard deviation 49), the release's is a normal one of 45 degrees cut at
  90; the scale likewise, over the release's range of 0.65 to 1.35.
- Half bodies prefer the upper half with p = 0.7 (released: 0.69).
- Targets are cut at three sigma (released: the whole heatmap).
- DARK refines the maxima after one blur, in MMPose's UDP form (released: with the
  blur's maximum scaled back).

Boxes: labelled ones in training; SimpleBaseline's detections (AP_H_56) in validation
and test. For labelled boxes there too: ``val_dataloader.dataset.bbox_file=None``, the
same for ``test_dataloader``. For a test-dev result file: ``test_dataloader.dataset``
with ``ann_file`` and ``bbox_file`` of test-dev, and ``test_evaluator`` with the same
``ann_file``, ``format_only=True`` and ``outfile_prefix=PATH``.
"""

codec = dict(type='UDPHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)

# MMPose's inferencers read both here.
dataset_type = 'CheckedCocoDataset'
data_mode = 'topdown'
data_root = 'data/coco/'
train_pipeline = [
    # Refuses a truncated image, which OpenCV would fill with grey.
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='RandomMirror', direction='horizontal', prob=0.5),
    dict(type='RandomHalfBody', prob=0.3, upper_prioritized_prob=0.7),
    dict(
        type='RandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.65, 1.35),
        rotate_factor=90,
        rotate_prob=0.6,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='PackPoseInputs'),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/person_keypoints_train2017.json',
        data_prefix=dict(img='train2017/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/person_keypoints_val2017.json',
        bbox_file=data_root + 'person_detection_results/'
        'COCO_val2017_detections_AP_H_56_person.json',
        data_prefix=dict(img='val2017/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    type='CocoMetric',
    ann_file=data_root + 'annotations/person_keypoints_val2017.json',
    score_mode='bbox_keypoint',
    keypoint_score_thr=0.2,
    nms_mode='oks_nms',
    nms_thr=0.9,
)
test_evaluator = val_evaluator
