"""TokenPose-L/D12 on COCO, 256x192 (TokenPose, table 3: AP 75.3).

Three stages of four blocks. Its number of heads is not published; 8 as in L/D6.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    neck=dict(stages=(4, 4, 4), num_heads=8),
    head=dict(decoder=_base_.codec),
)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
