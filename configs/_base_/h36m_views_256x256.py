"""Human3.6M from four cameras at 256x256, annotated by H36M-Toolbox.

As released: every fifth instant to train on, every 64th to test on, without the takes
whose labels are wrong, and no augmentation. Targets have their middle at whole cells.
For MMPose's own preparation see docs/multiview_data.md.
"""

codec = dict(type='MSRAHeatmap', input_size=(256, 256), heatmap_size=(64, 64), sigma=2)

# MMPose's inferencers read both here.
dataset_type = 'H36MMultiViewDataset'
data_mode = 'topdown'
data_root = 'data/h36m/'
view_keys = (
    *('id', 'img_id', 'img_path', 'ori_shape', 'img_shape', 'category_id'),
    *('input_size', 'input_center', 'input_scale', 'flip', 'flip_indices'),
    *('group_id', 'view_id', 'camera', 'crop_affine', 'action', 'subject'),
    *('subaction', 'keypoints_3d_world', 'keypoints_3d_visible'),
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
    batch_size=32,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='GroupSampler', shuffle=True),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annot/h36m_train.pkl',
        data_prefix=dict(img='images/'),
        skip_takes='damaged',
        every=5,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='GroupSampler', shuffle=False, round_up=False),
    batch_sampler=dict(type='GroupBatchSampler'),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annot/h36m_validation.pkl',
        data_prefix=dict(img='images/'),
        skip_takes='damaged',
        every=64,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = [
    dict(type='JointDetectionRate'),
    dict(type='MultiViewMPJPE', triangulation='linear', mask='release'),
]
test_evaluator = val_evaluator
