"""TokenPose-B: HRNet-W32 up to its third stage (TokenPose, table 1)."""

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
        type='HRNetTrunk',
        width=32,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmpose/'
            'pretrain_models/hrnet_w32-36af842e.pth',
        ),
    ),
    neck=dict(
        type='TokenPoseNeck',
        in_channels=32,
        feature_size=(64, 48),
        patch_size=(4, 3),
        num_keypoints=17,
        dim=192,
        stages=(12,),
        num_heads=8,
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
