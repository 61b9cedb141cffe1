"""TokenPose-L+/D12 on COCO, 256x192 (TokenPose, table 3: AP 75.5).

Tokens twice as wide, those of layers 4, 8 and 12 concatenated. No code of it was
released: its 8 heads, and the position encoding as in the other L models, are ours.
Without token fusion (table 6): ``model.neck.stages=[12] model.head.in_channels=384``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    neck=dict(dim=384, stages=(4, 4, 4), num_heads=8),
    head=dict(in_channels=1152, decoder=_base_.codec),
)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
