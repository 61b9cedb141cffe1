"""The quickstart's small model on Leeds Sports Pose, at 128x96, in minutes on a CPU.

It starts from the quickstart's weights, so keypoints are COCO's: LSP's joints go to the
places that they have there, its neck and top of the head are left out, and COCO's face
has no labels.
"""

_base_ = ['../../configs/ppt_s_lsp.py']

load_from = 'work_dirs/quickstart/epoch_6.pth'
codec = dict(
    type='UDPHeatmap', input_size=(96, 128), heatmap_size=(24, 32), sigma=4 / 3
)
as_coco = dict(
    type='KeypointConverter',
    num_keypoints=17,
    mapping=[
        *[(0, 16), (1, 14), (2, 12), (3, 11), (4, 13), (5, 15)],
        *[(6, 10), (7, 8), (8, 6), (9, 5), (10, 7), (11, 9)],
    ],
)
model = dict(
    backbone=dict(channels=32, dilations=(1, 2, 4, 8), channels_last=True),
    neck=dict(
        in_channels=128,
        feature_size=(32, 24),
        num_keypoints=17,
        dim=96,
        stages=(4,),
        num_heads=4,
        attention_scale='head_dim',
        prune_blocks=(1, 2),
    ),
    head=dict(
        in_channels=96,
        out_channels=17,
        heatmap_size=(24, 32),
        loss=dict(loss_weight=1000),
        decoder=codec,
    ),
    attention_guide=dict(type='AttentionGuide', blocks=(1, 2, 3)),
    test_cfg=dict(flip_test=False),
)
train_pipeline = [
    dict(type='LoadImage', imdecode_backend='pillow'),
    dict(type='GetBBoxCenterScale', padding=1.1),
    dict(type='RandomFlip', direction='horizontal', prob=0.5),
    as_coco,
    dict(
        type='RandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.85, 1.15),
        rotate_factor=30,
        rotate_prob=0.6,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
test_pipeline = [
    dict(type='LoadImage', imdecode_backend='pillow'),
    dict(type='GetBBoxCenterScale', padding=1.1),
    as_coco,
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    persistent_workers=False,
    dataset=dict(pipeline=train_pipeline),
)
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_evaluator = dict(torso=(6, 11))
val_dataloader = None
val_evaluator = None
val_cfg = None

optim_wrapper = dict(optimizer=dict(lr=1e-3, betas=(0.9, 0.99)))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=10,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
default_hooks = dict(checkpoint=dict(interval=1, save_best=None))
