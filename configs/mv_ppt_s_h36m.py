"""Multi-view PPT-S on Human3.6M, four views: human-area fusion in two blocks."""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_20e.py',
    '_base_/h36m_views_256x256.py',
    '_base_/mv_ppt_s.py',
]

# It starts from PPT-S on COCO, 256x256: a file that tools/convert_checkpoint.py makes,
# or that configs/ppt_s_coco-256x256.py trains. COCO has no pelvis, spine and neck: the
# tokens of hips, nose and others serve, as in the released code.
model = dict(
    head=dict(decoder=_base_.codec),
    pretrained_keypoints=dict(
        checkpoint='ppt_s_coco-256x256.pth',
        keypoints=(12, 12, 14, 16, 11, 13, 15, 11, 1, 0, 2, 5, 7, 9, 6, 8, 10),
    ),
)
default_hooks = dict(
    checkpoint=dict(interval=1, save_best='pose_3d/MPJPE', rule='less'),
)
