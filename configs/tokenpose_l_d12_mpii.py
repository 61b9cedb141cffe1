"""TokenPose-L/D12 on MPII, 256x256 (TokenPose, table 4: PCKh 90.1).

Its number of heads is not published; 8 as in L/D6.
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
        stages=(4, 4, 4),
        num_heads=8,
    ),
    head=dict(
        out_channels=16,
        heatmap_size=(64, 64),
        decoder=_base_.codec,
    ),
)

default_hooks = dict(checkpoint=dict(save_best='PCK', rule='greater'))
