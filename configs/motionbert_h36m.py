"""MotionBERT on Human3.6M: 243 frames to 243 poses, with MMPose's recipe."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_motionbert.py',
    '_base_/h36m_motionbert_243.py',
    '_base_/motionbert.py',
]

model = dict(head=dict(decoder=_base_.codec))
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=10, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
