"""A small multi-view PPT that learns on drawn views, on a CPU: four cameras.

The small model of configs/ppt_quickstart.py, with two fused blocks behind: 64 patches
of a view are pruned to 45 and 32, in blocks 1 and 2.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/drawn_views_128x128.py',
    '_base_/mv_ppt_s.py',
]

model = dict(
    undistort=True,
    data_preprocessor=dict(bgr_to_rgb=True),
    backbone=dict(
        channels=32,
        dilations=(1, 2, 4, 8),
        init_cfg=dict(type='Kaiming', layer='Conv2d'),
    ),
    neck=dict(
        in_channels=128,
        feature_size=(32, 32),
        dim=96,
        stages=(6,),
        num_heads=4,
        attention_scale='head_dim',
        prune_blocks=(1, 2),
    ),
    head=dict(
        in_channels=96,
        heatmap_size=(32, 32),
        loss=dict(loss_weight=1000),
        init_cfg=dict(type='TruncNormal', std=0.002, layer='Linear'),
        decoder=_base_.codec,
    ),
    attention_guide=dict(type='AttentionGuide', blocks=(1, 2, 3, 4, 5)),
)
default_hooks = dict(checkpoint=dict(interval=1))
