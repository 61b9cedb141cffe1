"""TokenPose-S on Human3.6M, every view alone: ppt_s_h36m without pruning."""

_base_ = './ppt_s_h36m.py'

model = dict(neck=dict(prune_blocks=(), keep_ratio=1.0))
