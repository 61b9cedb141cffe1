"""Multi-view PPT-S on Ski-PosePTZ, six views (PPT, table 6).

No config of it was released: the recipe is that of Human3.6M, 8 instants on each of 4
processes, with six views of each. The loss is the sum over them.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_20e.py',
    '_base_/skipose_views_256x256.py',
    '_base_/mv_ppt_s.py',
]

# See mv_ppt_s_h36m: the keypoints are the same.
model = dict(
    head=dict(loss=dict(loss_weight=6.0), decoder=_base_.codec),
    pretrained_keypoints=dict(
        checkpoint='ppt_s_coco-256x256.pth',
        keypoints=(12, 12, 14, 16, 11, 13, 15, 11, 1, 0, 2, 5, 7, 9, 6, 8, 10),
    ),
)
auto_scale_lr = dict(base_batch_size=192)
default_hooks = dict(
    checkpoint=dict(interval=1, save_best='pose_3d/MPJPE', rule='less'),
)
