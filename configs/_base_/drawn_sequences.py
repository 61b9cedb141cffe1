"""Drawn people who move, in chunks of 27 frames, from 2D keypoints with errors.

``python tools/make_synthetic_sequences.py data/drawn_sequences`` makes the files. The
joints and the layout are those of Human3.6M. Chunks of other lengths:
``train_dataloader.dataset.frames=81``, and the same for validation and test. Keypoints
that are exact: ``keypoint_2d_src='gt'`` and ``keypoint_2d_det_file=None``. No loader
processes for training: with few cores they take more from it than they give.
"""

codec = dict(
    type='VideoPoseLifting',
    num_keypoints=17,
    zero_center=True,
    root_index=0,
    remove_root=False,
    reshape_keypoints=False,
)

dataset_type = 'PoseSequenceDataset'
data_root = 'data/drawn_sequences/'
sequence_keys = (
    *('id', 'category_id', 'target_img_path', 'flip_indices', 'target_root'),
    *('camera_param', 'padded'),
)
train_pipeline = [
    dict(type='GenerateTarget', encoder=codec),
    dict(
        type='RandomFlipAroundRoot',
        keypoints_flip_cfg=dict(center_mode='static', center_x=0.0),
        target_flip_cfg=dict(center_mode='static', center_x=0.0),
        flip_prob=0.5,
        flip_label=True,
    ),
    dict(type='PackPoseInputs', meta_keys=sequence_keys),
]
val_pipeline = [
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs', meta_keys=sequence_keys),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotations/train.npz',
        camera_param_file='cameras.json',
        keypoint_2d_src='detection',
        keypoint_2d_det_file='detections/train.npy',
        frames=27,
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
        ann_file='annotations/val.npz',
        camera_param_file='cameras.json',
        keypoint_2d_src='detection',
        keypoint_2d_det_file='detections/val.npy',
        frames=27,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# Frames that stand in for those beyond the ends of a video do not count.
val_evaluator = dict(
    type='SequenceMPJPE', mode=['mpjpe', 'p-mpjpe'], count_padding=False
)
test_evaluator = val_evaluator
