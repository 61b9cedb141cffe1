"""Human3.6M in a window of 351 frames around every frame, from CPN's 2D keypoints.

As MHFormer trains and tests; only centre frames are evaluated. Files are where
MMPose's configs expect them. A sample is mirrored or not, by chance; an epoch of the
released code has both.
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
data_root = 'data/h36m/'
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
    batch_size=128,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotation_body3d/fps50/h36m_train.npz',
        camera_param_file='annotation_body3d/cameras.pkl',
        keypoint_2d_src='detection',
        keypoint_2d_det_file='joint_2d_det_files/cpn_ft_h36m_dbb_train.npy',
        frames=351,
        stride=1,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=128,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='annotation_body3d/fps50/h36m_test.npz',
        camera_param_file='annotation_body3d/cameras.pkl',
        keypoint_2d_src='detection',
        keypoint_2d_det_file='joint_2d_det_files/cpn_ft_h36m_dbb_test.npy',
        frames=351,
        # For MMPose's inferencers.
        seq_len=351,
        stride=1,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# In the papers' terms, protocols 1 and 2.
val_evaluator = dict(type='SequenceMPJPE', mode=['mpjpe', 'p-mpjpe'])
test_evaluator = val_evaluator
