"""TokenPose-L/D24 on MPII, 256x256 (TokenPose, table 4: PCKh 90.2).

Its batch size is not published; 4 processes of 16 samples as in L/D24 on COCO.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/mpii_256x256.py',
    '_base_/tokenpose_l.py',
]

model = dict(
    neck=dict(
        feature_size=(64, 64),
        patch_size=(4, 4),
        num_keypoints=16,
    ),
    head=dict(
        out_channels=16,
        heatmap_size=(64, 64),
        decoder=_base_.codec,
    ),
)
train_dataloader = dict(batch_size=16)
auto_scale_lr = dict(base_batch_size=64)

default_hooks = dict(checkpoint=dict(save_best='PCK', rule='greater'))
