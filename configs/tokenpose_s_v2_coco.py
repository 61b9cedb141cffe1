"""TokenPose-S-v2 on COCO, 256x192: 768 patches of 2x2 cells.

TokenPose, table 2: AP 73.5. Its table 1 writes 4x3 patches; the released model and the
published size and cost are those of 2x2. Released on 4 processes of 12 samples.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/coco_256x192.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    neck=dict(patch_size=(2, 2)),
    head=dict(decoder=_base_.codec),
)
train_dataloader = dict(batch_size=12)
auto_scale_lr = dict(base_batch_size=48)

default_hooks = dict(checkpoint=dict(save_best='coco/AP', rule='greater'))
