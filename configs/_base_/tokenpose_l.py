"""TokenPose-L/D24: HRNet-W48 up to its third stage, three stages of blocks whose
keypoint tokens are concatenated (TokenPose, table 1 and section 4.4).

As released, the position encoding is not added again at the start of a stage. The
head has one linear layer, because three tokens are wider than half a hidden layer.
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
        type='HRNetTrunk',
        width=48,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmpose/'
            'pretrain_models/hrnet_w48-8ef0771d.pth',
        ),
    ),
    neck=dict(
        type='TokenPoseNeck',
        in_channels=48,
        feature_size=(64, 48),
        patch_size=(4, 3),
        num_keypoints=17,
        dim=192,
        stages=(8, 8, 8),
        num_heads=12,
        attention_scale='head_dim',
        position_at_stage_start=False,
    ),
    head=dict(
        type='TokenPoseHead',
        in_channels=576,
        out_channels=17,
        heatmap_size=(48, 64),
        loss=dict(type='KeypointMSELoss', use_target_weight=True, loss_weight=0.5),
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=False),
)
