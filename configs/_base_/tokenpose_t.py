"""TokenPose-T: patches of 16x12 pixels, no CNN (TokenPose, table 1)."""

model = dict(
    # The full name: it resolves also where a user's custom_imports replaced ours.
    type='ppt_mmpose.models.TopdownTokenPose',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='RawImageStem'),
    neck=dict(
        type='TokenPoseNeck',
        in_channels=3,
        feature_size=(256, 192),
        patch_size=(16, 12),
        num_keypoints=17,
        dim=192,
        stages=(12,),
        num_heads=16,
        attention_scale='head_dim',
    ),
    head=dict(
        type='TokenPoseHead',
        in_channels=192,
        out_channels=17,
        heatmap_size=(48, 64),
        loss=dict(type='KeypointMSELoss', use_target_weight=True, loss_weight=0.5),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=False),
)
