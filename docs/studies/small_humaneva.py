"""A small MixSTE on HumanEva-I, 27 frames, in minutes on a CPU; see pruning_frames.md.

Windows of training overlap by two thirds.
"""

_base_ = [
    '../../configs/_base_/runtime.py',
    '../../configs/_base_/schedule_small_lifter.py',
    '../../configs/_base_/humaneva_sequences.py',
    '../../configs/_base_/mixste_small.py',
]

model = dict(
    metainfo=dict(_delete_=True, **_base_.metainfo),
    backbone=dict(feat_size=32, num_keypoints=15),
    head=dict(
        in_channels=32,
        num_keypoints=15,
        # Heavier at elbows, knees, wrists and ankles, as Human3.6M's.
        loss=dict(
            joint_weights=[1, 1, 1, 1.5, 4, 1, 1.5, 4, 1, 2.5, 2.5, 1, 2.5, 2.5, 1],
        ),
        decoder=_base_.codec,
    ),
)
train_dataloader = dict(
    batch_size=8, num_workers=0, persistent_workers=False, dataset=dict(stride=9)
)
val_dataloader = None
val_evaluator = None
val_cfg = None
test_dataloader = dict(num_workers=0, persistent_workers=False)
train_cfg = dict(max_epochs=3, val_interval=1000)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(
        type='CosineAnnealingLR',
        begin=0,
        end=3,
        eta_min_ratio=0.02,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
default_hooks = dict(checkpoint=dict(interval=1, save_best=None))
