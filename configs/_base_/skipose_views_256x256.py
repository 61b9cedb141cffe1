"""Ski-PosePTZ from six cameras that turn and zoom, at 256x256.

The whole image of 256 px is the crop. All groups are used, and no augmentation. Targets
have their middle at whole cells.
"""

codec = dict(type='MSRAHeatmap', input_size=(256, 256), heatmap_size=(64, 64), sigma=2)

# MMPose's inferencers read both here.
dataset_type = 'SkiPoseDataset'
data_mode = 'topdown'
data_root = 'data/skipose/'
view_keys = (
    *('id', 'img_id', 'img_path', 'ori_shape', 'img_shape', 'category_id'),
    *('input_size', 'input_center', 'input_scale', 'flip', 'flip_indices'),
    *('group_id', 'view_id', 'camera', 'crop_affine', 'subject'),
    *('keypoints_3d_world', 'keypoints_3d_visible'),
)
train_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='CropCamera'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs', meta_keys=view_keys),
]
val_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='CropCamera'),
    dict(type='PackPoseInputs', meta_keys=view_keys),
]

train_dataloader = dict(
    batch_size=48,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='GroupSampler', shuffle=True),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='Ski-PosePTZ-CameraDataset-png/train/labels.h5',
        data_prefix=dict(img='Ski-PosePTZ-CameraDataset-png/train/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=48,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='GroupSampler', shuffle=False, round_up=False),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='Ski-PosePTZ-CameraDataset-png/test/labels.h5',
        data_prefix=dict(img='Ski-PosePTZ-CameraDataset-png/test/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# 12.8 px as for Human3.6M: in the release they come from the 256 px of the crop, not
# from the image. Here that is a twentieth of the image, there an eightieth.
val_evaluator = [
    dict(type='JointDetectionRate', threshold=12.8),
    dict(type='MultiViewMPJPE', triangulation='linear', mask='release'),
]
test_evaluator = val_evaluator
