"""A PPT that learns from nothing in minutes on a CPU: the example of a small model.

Half of PPT-S or less in every direction, and what makes it learn fast: a stem that sees
the whole person, heatmaps as coarse as the features, keypoint tokens that are told
where to look, a learning rate that is high and falls to a fiftieth. 64 patches are
pruned to 45 and 32, in blocks 1 and 2. The data are drawn people.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/drawn_128x96.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    backbone=dict(
        channels=32,
        dilations=(1, 2, 4, 8),
        init_cfg=dict(type='Kaiming', layer='Conv2d'),
    ),
    neck=dict(
        in_channels=128,
        feature_size=(32, 24),
        dim=96,
        stages=(4,),
        num_heads=4,
        attention_scale='head_dim',
        prune_blocks=(1, 2),
        keep_ratio=0.7,
    ),
    head=dict(
        in_channels=96,
        heatmap_size=(24, 32),
        loss=dict(loss_weight=1000),
        init_cfg=dict(type='TruncNormal', std=0.002, layer='Linear'),
        decoder=_base_.codec,
    ),
    attention_guide=dict(type='AttentionGuide', blocks=(1, 2, 3)),
    test_cfg=dict(flip_test=False),
)
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=2, ramp_epochs=2),
    checkpoint=dict(interval=1),
)
