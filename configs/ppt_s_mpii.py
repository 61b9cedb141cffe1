"""PPT-S on MPII, 256x256 (PPT, table 2: PCKh 87.3)."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/mpii_256x256.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    neck=dict(
        feature_size=(64, 64),
        patch_size=(4, 4),
        num_keypoints=16,
        prune_blocks=(3, 6, 9),
        keep_ratio=0.7,
    ),
    head=dict(
        out_channels=16,
        heatmap_size=(64, 64),
        decoder=_base_.codec,
    ),
)

# The keep ratio stays 1 for 10 epochs, then falls to its target over 100, as released.
# The paper's ramp is warmup_epochs=0; without a ramp, both are 0.
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=10, ramp_epochs=100),
    checkpoint=dict(save_best='PCK', rule='greater'),
)
