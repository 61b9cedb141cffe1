"""A small HoT that learns on drawn people who move, in minutes on a CPU.

9 of 27 frames go on from block 1 of 4, and all come back.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_small_lifter.py',
    '_base_/drawn_sequences.py',
    '_base_/mixste_small.py',
]

model = dict(
    backbone=dict(hourglass=dict(prune_blocks=(1,), kept_frames=(9,))),
    head=dict(decoder=_base_.codec),
)
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
