"""MixSTE for 243 frames of Human3.6M's 17 joints."""

model = dict(
    type='ppt_mmpose.models.TokenPoseLifter',
    backbone=dict(
        type='MixSTE',
        in_channels=2,
        feat_size=512,
        depth=8,
        num_heads=8,
        mlp_ratio=2,
        num_keypoints=17,
        seq_len=243,
        drop_path_rate=0.1,
    ),
    head=dict(
        type='PoseSequenceHead',
        in_channels=512,
        num_keypoints=17,
        loss=dict(type='SequencePoseLoss'),
    ),
    test_cfg=dict(flip_test=True),
)
