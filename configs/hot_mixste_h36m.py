"""HoT with MixSTE on Human3.6M: 81 of 243 frames go on from block 3, and all come back.

Ablations of the poster: ``model.backbone.hourglass.selection`` (``cluster``,
``uniform``, ``attention``, ``motion``) and ``.recovery`` (``attention``, ``nearest``,
``linear``).
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mixste.py',
    '_base_/h36m_sequences_243.py',
    '_base_/mixste.py',
]

model = dict(
    backbone=dict(hourglass=dict(prune_blocks=(3,), kept_frames=(81,))),
    head=dict(decoder=_base_.codec),
)
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
