"""TPC with MixSTE on Human3.6M: 61 of 243 frames go on from block 7, to one pose.

These are the numbers of the released commands. The cost in the paper's ablation is that
of 81 frames from block 3: ``model.backbone.hourglass.prune_blocks="(3,)"
model.backbone.hourglass.kept_frames="(81,)"``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_mixste.py',
    '_base_/h36m_sequences_243.py',
    '_base_/mixste.py',
]

model = dict(
    backbone=dict(
        hourglass=dict(prune_blocks=(7,), kept_frames=(61,), recovery=None),
    ),
    head=dict(decoder=_base_.codec),
    test_cfg=dict(output='centre'),
)
# A window around each frame, also for MMPose's inferencers.
val_dataloader = dict(dataset=dict(stride=1, seq_len=243))
test_dataloader = val_dataloader
default_hooks = dict(
    checkpoint=dict(save_best='MPJPE', rule='less', interval=1, max_keep_ckpts=2),
)
visualizer = dict(type='Pose3dLocalVisualizer')
