"""Drawn people from four cameras at 128x128, and a schedule of minutes.

``python tools/make_synthetic_views.py --out data/drawn_views --size 160``
draws them. Validation is on other people, seen by cameras that stand elsewhere. No
augmentation: drawing more is as cheap as distorting the same.
"""

codec = dict(
    type='UDPHeatmap', input_size=(128, 128), heatmap_size=(32, 32), sigma=4 / 3
)

# MMPose's inferencers read both here.
dataset_type = 'MultiViewFolderDataset'
data_mode = 'topdown'
data_root = 'data/drawn_views/'
view_keys = (
    *('id', 'img_id', 'img_path', 'ori_shape', 'img_shape', 'category_id'),
    *('input_size', 'input_center', 'input_scale', 'flip', 'flip_indices'),
    *('group_id', 'view_id', 'camera', 'crop_affine'),
    *('keypoints_3d_world', 'keypoints_3d_visible', 'keypoints_hidden'),
)
# MMPose's inferencers have no cameras, nor 3D labels.
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.05),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='CropCamera', use_udp=True),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs', meta_keys=view_keys),
]
val_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.05),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='CropCamera', use_udp=True),
    dict(type='PackPoseInputs', meta_keys=view_keys),
]

train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    sampler=dict(type='GroupSampler', shuffle=True),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root + 'train',
        data_mode=data_mode,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='GroupSampler', shuffle=False, round_up=False),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root + 'val',
        data_mode=data_mode,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# A twentieth of the image.
val_evaluator = [
    dict(type='JointDetectionRate', threshold=8.0, visible_only=True),
    dict(type='MultiViewMPJPE', mode=['mpjpe', 'pck3d'], triangulation='robust'),
]
test_evaluator = val_evaluator

train_cfg = dict(by_epoch=True, max_epochs=8, val_interval=4)
optim_wrapper = dict(optimizer=dict(type='FusedAdam', lr=4e-3, betas=(0.9, 0.99)))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        by_epoch=True,
        convert_to_iter_based=True,
        begin=0,
        end=8,
        eta_min_ratio=0.02,
    ),
]
auto_scale_lr = dict(base_batch_size=8)
