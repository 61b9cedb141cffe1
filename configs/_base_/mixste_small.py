"""A small MixSTE for 27 frames of Human3.6M's 17 joints, which a CPU trains in minutes.

An eighth of MixSTE's channels and half of its depth.
"""

model = dict(
    # The full name: it resolves also where a user's custom_imports replaced ours.
    type='ppt_mmpose.models.TokenPoseLifter',
    # The order of the joints; samples of another one are refused.
    metainfo=dict(from_file='configs/_base_/datasets/h36m.py'),
    backbone=dict(
        type='MixSTE',
        in_channels=2,
        feat_size=64,
        depth=4,
        num_heads=4,
        mlp_ratio=2,
        num_keypoints=17,
        seq_len=27,
    ),
    head=dict(
        type='PoseSequenceHead',
        in_channels=64,
        num_keypoints=17,
        loss=dict(type='SequencePoseLoss'),
    ),
    test_cfg=dict(flip_test=False),
)
