"""Multi-view PPT-S on Human3.6M that fuses two views: cameras 0 with 2, 1 with 3.

No config of two views was released; the pairs are those of TransFusion, on which the
released code is built. Each instant is two groups, in training and in tests, so that
all four cameras are tested on, as in the paper's table 4. The MPJPE is that of two
cameras. The loss is the sum over the views of a group.
"""

_base_ = './mv_ppt_s_h36m.py'

pairs = ((0, 2), (1, 3))
model = dict(head=dict(loss=dict(loss_weight=2.0)))
train_dataloader = dict(dataset=dict(camera_sets=pairs))
val_dataloader = dict(dataset=dict(camera_sets=pairs))
test_dataloader = val_dataloader
