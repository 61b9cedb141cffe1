"""TokenPose-B on COCO, 256x192 (TokenPose, table 2: AP 74.7)."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_b.py',
]

model = dict(
    head=dict(decoder=_base_.codec),
)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
