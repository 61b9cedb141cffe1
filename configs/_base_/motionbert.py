"""MotionBERT in the size of HoT's paper, for 243 frames of Human3.6M's 17 joints.

MMPose's own configs are wider and have narrower MLPs; its checkpoints load with
``model.backbone.feat_size=512 model.backbone.mlp_ratio=2 model.head.in_channels=512``.
"""

model = dict(
    type='ppt_mmpose.models.TokenPoseLifter',
    # The order of the joints; samples of another one are refused.
    metainfo=dict(from_file='configs/_base_/datasets/h36m.py'),
    backbone=dict(
        type='MotionBERT',
        in_channels=3,
        feat_size=256,
        depth=5,
        num_heads=8,
        mlp_ratio=4,
        num_keypoints=17,
        seq_len=243,
    ),
    head=dict(
        type='MotionRegressionHead',
        in_channels=256,
        out_channels=3,
        embedding_size=512,
        loss=dict(type='MPJPEVelocityJointLoss'),
    ),
    test_cfg=dict(flip_test=True),
)
