"""TokenPose-L/D24 on COCO, 256x192 (TokenPose, table 2: AP 75.8).

Released on 4 processes of 16 samples.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    head=dict(decoder=_base_.codec),
)
train_dataloader = dict(batch_size=16)
auto_scale_lr = dict(base_batch_size=64)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
