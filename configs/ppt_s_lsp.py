"""PPT-S on Leeds Sports Pose, 256x192: the example of a custom data set.

All it takes is a base with the dataset's metainfo and metric, and the number of
keypoints here.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_300e.py',
    '_base_/lsp_256x192.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    neck=dict(num_keypoints=14, prune_blocks=(3, 6, 9), keep_ratio=0.7),
    head=dict(out_channels=14, decoder=_base_.codec),
)

# The keep ratio stays 1 for 10 epochs, then falls to its target over 100, as released.
# The paper's ramp is warmup_epochs=0; without a ramp, both are 0.
default_hooks = dict(
    keep_ratio=dict(type='KeepRatioHook', warmup_epochs=10, ramp_epochs=100),
    checkpoint=dict(save_best='pck/tPCK', rule='greater'),
)
