"""MixSTE on Human3.6M: 243 frames to 243 poses.

One frame at a time, as the paper's sequence to frame: ``model.test_cfg.output=centre
test_dataloader.dataset.stride=1``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mixste.py',
    '_base_/h36m_sequences_243.py',
    '_base_/mixste.py',
]

model = dict(head=dict(decoder=_base_.codec))
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
