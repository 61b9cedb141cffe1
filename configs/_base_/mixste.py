"""MixSTE for 243 frames of Human3.6M's 17 joints.

For other joints: ``model.backbone.num_keypoints=15 model.head.num_keypoints=15
model.head.loss.joint_weights=None model.metainfo=None``, or the ``metainfo`` of theirs.
"""

model = dict(
    type='ppt_mmpose.models.TokenPoseLifter',
    # The order of the joints; samples of another one are refused.
    metainfo=dict(from_file='configs/_base_/datasets/h36m.py'),
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
        loss=dict(
            type='SequencePoseLoss',
            joint_weights=(
                *(1, 1, 2.5, 2.5, 1, 2.5, 2.5, 1, 1, 1),
                *(1.5, 1.5, 4, 4, 1.5, 4, 4),
            ),
        ),
    ),
    test_cfg=dict(flip_test=True),
)
