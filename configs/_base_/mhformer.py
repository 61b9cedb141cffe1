"""MHFormer for 351 frames of Human3.6M's 17 joints."""

model = dict(
    type='ppt_mmpose.models.TokenPoseLifter',
    # The order of the joints; samples of another one are refused.
    metainfo=dict(from_file='configs/_base_/datasets/h36m.py'),
    backbone=dict(
        type='MHFormer',
        feat_size=512,
        generation_depth=4,
        depth=2,
        interaction_depth=1,
        num_heads=8,
        track_heads=9,
        hidden_channels=1024,
        num_keypoints=17,
        seq_len=351,
        drop_rate=0.1,
        drop_path_rate=0.2,
    ),
    head=dict(
        type='PoseSequenceHead',
        in_channels=1536,
        num_keypoints=17,
        token='frame',
        loss=dict(type='MPJPELoss', use_target_weight=True),
    ),
    # The released code trains on all frames and tests on the centre one.
    test_cfg=dict(flip_test=True, output='centre'),
)
