"""Multi-view PPT-S at 256x256, as released: 4x4 patches, the last two blocks fused.

The 256 patches of a view are pruned to 180, 126 and 89, in blocks 3, 6 and 9. The
released code feeds images as OpenCV reads them (BGR) into means and deviations of RGB;
``model.data_preprocessor.bgr_to_rgb=True`` mends it, for models that do not start from
the released weights. It leaves lenses out of the rays of patches
(``model.undistort=True`` takes them in), and does not test with flipped images.
"""

model = dict(
    # The full name: it resolves also where a user's custom_imports replaced ours.
    type='ppt_mmpose.models.MultiViewTokenPose',
    undistort=False,
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=False,
    ),
    backbone=dict(type='ConvStem'),
    neck=dict(
        type='MultiViewTokenPoseNeck',
        in_channels=256,
        feature_size=(64, 64),
        patch_size=(4, 4),
        num_keypoints=17,
        dim=192,
        stages=(12,),
        num_heads=8,
        attention_scale='dim',
        prune_blocks=(3, 6, 9),
        keep_ratio=0.7,
        fused_blocks=2,
    ),
    head=dict(
        type='TokenPoseHead',
        in_channels=192,
        out_channels=17,
        heatmap_size=(64, 64),
        # The release sums the mean squared errors of four views.
        loss=dict(type='KeypointMSELoss', use_target_weight=True, loss_weight=4.0),
    ),
    test_cfg=dict(flip_test=False),
)
