"""PPT-L/D6 on MPII, 256x256, by analogy with COCO.

The released yaml names a class that is not there, so it never ran. As on COCO, the
paper's layers 2, 4 and 5 are ``model.neck.prune_blocks="(1,3,4)"``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/mpii_256x256.py',
    '_base_/tokenpose_b.py',
]

model = dict(
    backbone=dict(
        width=48,
        init_cfg=dict(
            checkpoint='https://download.openmmlab.com/mmpose/'
            'pretrain_models/hrnet_w48-8ef0771d.pth'
        ),
    ),
    neck=dict(
        feature_size=(64, 64),
        patch_size=(4, 4),
        num_keypoints=16,
        in_channels=48,
        stages=(6,),
        prune_blocks=(3,),
        keep_ratio=0.7,
    ),
    head=dict(
        out_channels=16,
        heatmap_size=(64, 64),
        decoder=_base_.codec,
    ),
)

# The keep ratio stays 1 for 10 epochs, then falls to its target over 100, as released.
# The paper's ramp is warmup_epochs=0; without a ramp, both are 0.
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=10, ramp_epochs=100),
    checkpoint=dict(save_best='PCK', rule='greater'),
)
