"""A PPT that learns from nothing in minutes on a CPU: the example of a small model.

64 patches are pruned to 45 and 32, in blocks 1 and 2; what else is small and fast about
it says its base. The data are drawn people.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/drawn_128x96.py',
    '_base_/tokenpose_drawn.py',
]

model = dict(
    neck=dict(prune_blocks=(1, 2), keep_ratio=0.7),
    head=dict(decoder=_base_.codec),
)
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=2, ramp_epochs=2),
    checkpoint=dict(interval=1),
)
