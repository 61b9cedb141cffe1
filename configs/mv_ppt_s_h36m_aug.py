"""Multi-view PPT-S on Human3.6M with what the released recipe left out.

Each view is scaled and turned on its own, as for MPII; the rays of its patches turn
with it. Images are RGB, as the weights from COCO saw them. No view is mirrored: its
left would be the right of the others.
"""

_base_ = './mv_ppt_s_h36m.py'

model = dict(data_preprocessor=dict(bgr_to_rgb=True))
train_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(
        type='RandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.75, 1.25),
        rotate_factor=60,
        rotate_prob=0.6,
    ),
    dict(type='TopdownAffine', input_size=_base_.codec.input_size),
    dict(type='CropCamera'),
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(type='PackPoseInputs', meta_keys=_base_.view_keys),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
