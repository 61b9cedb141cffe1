"""TokenPose-L/D6 on COCO, 256x192 (TokenPose, table 2: AP 75.4).

Three stages of two blocks. The PPT repository calls another network by this name:
see ``tokenpose_l_d6_ppt_coco.py``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    neck=dict(stages=(2, 2, 2), num_heads=8),
    head=dict(decoder=_base_.codec),
)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
