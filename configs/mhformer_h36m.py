"""MHFormer on Human3.6M: 351 frames to the pose of the one in the centre."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mhformer.py',
    '_base_/h36m_sequences_351.py',
    '_base_/mhformer.py',
]

model = dict(head=dict(decoder=_base_.codec))
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
