"""The TokenPose-L/D6 baseline of the PPT repository on COCO, 256x192.

The B class with HRNet-W48: one stage of six blocks and a head of two layers, so not
the L class of ``tokenpose_l_d6_coco.py``. It is ``ppt_l_d6_coco.py`` without pruning.
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
    neck=dict(in_channels=48, stages=(6,)),
    head=dict(decoder=_base_.codec),
)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
