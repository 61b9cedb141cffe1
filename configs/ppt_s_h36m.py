"""PPT-S on Human3.6M, every view alone: what multi-view PPT-S is without fusion.

Data, batches, recipe and start are those of mv_ppt_s_h36m, so that fusion is all that
differs. The loss is that of one view.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/schedule_20e.py',
    '_base_/h36m_views_256x256.py',
    '_base_/tokenpose_s.py',
]

model = dict(
    data_preprocessor=dict(bgr_to_rgb=False),
    neck=dict(
        feature_size=(64, 64),
        patch_size=(4, 4),
        prune_blocks=(3, 6, 9),
        keep_ratio=0.7,
    ),
    head=dict(heatmap_size=(64, 64), loss=dict(loss_weight=1.0), decoder=_base_.codec),
    test_cfg=dict(flip_test=False),
    # See mv_ppt_s_h36m.
    pretrained_keypoints=dict(
        checkpoint='ppt_s_coco-256x256.pth',
        keypoints=(12, 12, 14, 16, 11, 13, 15, 11, 1, 0, 2, 5, 7, 9, 6, 8, 10),
    ),
)
default_hooks = dict(
    checkpoint=dict(interval=1, save_best='pose_3d/MPJPE', rule='less'),
)
