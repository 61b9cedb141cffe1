"""PPT-L/D6 on COCO, 256x192 (PPT, table 1: AP 75.2).

The released code prunes once, in block 3. The paper's layers 2, 4 and 5, which its cost
of 8.7 G fits, are ``model.neck.prune_blocks="(1,3,4)"``; the weights are the same.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
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
        in_channels=48,
        stages=(6,),
        prune_blocks=(3,),
        keep_ratio=0.7,
    ),
    head=dict(decoder=_base_.codec),
)

# The keep ratio stays 1 for 10 epochs, then falls to its target over 100, as released.
# The paper's ramp is warmup_epochs=0; without a ramp, both are 0.
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=10, ramp_epochs=100),
    checkpoint=dict(save_best='coco/AP', rule='greater'),
)
