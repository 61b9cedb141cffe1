"""TokenPose-L/D24 on COCO, 384x288 (TokenPose, table 5: AP 75.9 on test-dev).

Patches of 6x4 cells, targets with a sigma of 3. Released on 8 processes.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_384x288.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    neck=dict(feature_size=(96, 72), patch_size=(6, 4)),
    head=dict(heatmap_size=(72, 96), decoder=_base_.codec),
)
train_dataloader = dict(batch_size=32)
auto_scale_lr = dict(base_batch_size=256)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
