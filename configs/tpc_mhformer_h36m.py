"""TPC with MHFormer on Human3.6M: 117 of 351 frames go on from refinement block 1."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mhformer.py',
    '_base_/h36m_sequences_351.py',
    '_base_/mhformer.py',
]

model = dict(
    backbone=dict(
        hourglass=dict(prune_blocks=(1,), kept_frames=(117,), recovery=None),
    ),
    head=dict(decoder=_base_.codec),
)
train_dataloader = dict(batch_size=210)
auto_scale_lr = dict(base_batch_size=210)
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
