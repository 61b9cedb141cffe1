"""A PPT that learns from nothing in minutes on a CPU: the example of a small model.

Half of PPT-S in every direction, and what makes it learn fast: heatmaps as coarse as
the features, keypoint tokens that are told where to look, a higher learning rate that
falls to almost zero. 64 patches are pruned to 45 and 32, in blocks 2 and 4. The data
are drawn people.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/drawn_128x96.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    backbone=dict(
        channels=32,
        num_blocks=2,
        channels_last=True,
        init_cfg=dict(type='Kaiming', layer='Conv2d'),
    ),
    neck=dict(
        in_channels=128,
        feature_size=(32, 24),
        dim=96,
        stages=(6,),
        num_heads=4,
        attention_scale='head_dim',
        prune_blocks=(2, 4),
        keep_ratio=0.7,
    ),
    head=dict(
        in_channels=96,
        heatmap_size=(24, 32),
        loss=dict(loss_weight=1000),
        init_cfg=dict(type='TruncNormal', std=0.002, layer='Linear'),
        decoder=_base_.codec,
    ),
    attention_guide=dict(type='AttentionGuide', blocks=(2, 3, 4, 5)),
    test_cfg=dict(flip_test=False),
)
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=2, ramp_epochs=2)
)
