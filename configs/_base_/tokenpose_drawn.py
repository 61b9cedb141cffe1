"""A small TokenPose at 128x96 that learns from nothing in minutes on a CPU.

Half of TokenPose-S or less in every direction, and what makes it learn fast: a stem
that sees the whole person, heatmaps as coarse as the features, keypoint tokens that are
told where to look.
"""

model = dict(
    # The full name: it resolves also where a user's custom_imports replaced ours.
    type='ppt_mmpose.models.TopdownTokenPose',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='ConvStem',
        channels=32,
        dilations=(1, 2, 4, 8),
        init_cfg=dict(type='Kaiming', layer='Conv2d'),
    ),
    neck=dict(
        type='TokenPoseNeck',
        in_channels=128,
        feature_size=(32, 24),
        patch_size=(4, 3),
        num_keypoints=17,
        dim=96,
        stages=(4,),
        num_heads=4,
        attention_scale='head_dim',
    ),
    head=dict(
        type='TokenPoseHead',
        in_channels=96,
        out_channels=17,
        heatmap_size=(24, 32),
        loss=dict(type='KeypointMSELoss', use_target_weight=True, loss_weight=1000),
        init_cfg=dict(type='TruncNormal', std=0.002, layer='Linear'),
    ),
    attention_guide=dict(type='AttentionGuide', blocks=(1, 2, 3)),
    test_cfg=dict(flip_test=False, flip_mode='heatmap', shift_heatmap=False),
)
