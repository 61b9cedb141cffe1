"""Hierarchical HoT with MixSTE on Human3.6M, as far as H2OT's description tells.

Frames go in several steps, by a sampler without parameters, and poses in between come
back by interpolation. Which blocks and how many frames is ours: it has no released code
to take them from. ``model.backbone.hourglass.selection=motion`` is its other sampler.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mixste.py',
    '_base_/h36m_sequences_243.py',
    '_base_/mixste.py',
]

model = dict(
    backbone=dict(
        hourglass=dict(
            prune_blocks=(1, 3, 5),
            kept_frames=(162, 81, 54),
            selection='uniform',
            recovery='linear',
            position=False,
        ),
    ),
    head=dict(decoder=_base_.codec),
)
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
