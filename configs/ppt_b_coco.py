"""PPT-B on COCO, 256x192 (PPT, table 1: AP 74.4)."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_b.py',
]

model = dict(
    neck=dict(prune_blocks=(3, 6, 9), keep_ratio=0.7),
    head=dict(decoder=_base_.codec),
)

# The keep ratio stays 1 for 10 epochs, then falls to its target over 100, as released.
# The paper's ramp is warmup_epochs=0; without a ramp, both are 0.
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=10, ramp_epochs=100),
    checkpoint=dict(save_best='coco/AP', rule='greater'),
)
