"""Leeds Sports Pose (Extended) at 256x192, with PCK@0.2 of the torso.

The images are small, one person each, with 14 joints; labels in COCO's format. Boxes
and augmentation as for MPII. There are no official sigmas for OKS: those of COCO's
like joints are used.
"""

metainfo = dict(
    dataset_name='lsp',
    paper_info=dict(
        author='Johnson, Sam and Everingham, Mark',
        title='Learning Effective Human Pose Estimation from Inaccurate Annotation',
        container='CVPR',
        year='2011',
    ),
    keypoint_info={
        0: dict(
            name='right_ankle',
            id=0,
            color=[255, 128, 0],
            type='lower',
            swap='left_ankle',
        ),
        1: dict(
            name='right_knee',
            id=1,
            color=[255, 128, 0],
            type='lower',
            swap='left_knee',
        ),
        2: dict(
            name='right_hip',
            id=2,
            color=[255, 128, 0],
            type='lower',
            swap='left_hip',
        ),
        3: dict(
            name='left_hip',
            id=3,
            color=[0, 255, 0],
            type='lower',
            swap='right_hip',
        ),
        4: dict(
            name='left_knee',
            id=4,
            color=[0, 255, 0],
            type='lower',
            swap='right_knee',
        ),
        5: dict(
            name='left_ankle',
            id=5,
            color=[0, 255, 0],
            type='lower',
            swap='right_ankle',
        ),
        6: dict(
            name='right_wrist',
            id=6,
            color=[255, 128, 0],
            type='upper',
            swap='left_wrist',
        ),
        7: dict(
            name='right_elbow',
            id=7,
            color=[255, 128, 0],
            type='upper',
            swap='left_elbow',
        ),
        8: dict(
            name='right_shoulder',
            id=8,
            color=[255, 128, 0],
            type='upper',
            swap='left_shoulder',
        ),
        9: dict(
            name='left_shoulder',
            id=9,
            color=[0, 255, 0],
            type='upper',
            swap='right_shoulder',
        ),
        10: dict(
            name='left_elbow',
            id=10,
            color=[0, 255, 0],
            type='upper',
            swap='right_elbow',
        ),
        11: dict(
            name='left_wrist',
            id=11,
            color=[0, 255, 0],
            type='upper',
            swap='right_wrist',
        ),
        12: dict(
            name='neck',
            id=12,
            color=[51, 153, 255],
            type='upper',
            swap='',
        ),
        13: dict(
            name='head_top',
            id=13,
            color=[51, 153, 255],
            type='upper',
            swap='',
        ),
    },
    skeleton_info={
        0: dict(link=('right_ankle', 'right_knee'), id=0, color=[255, 128, 0]),
        1: dict(link=('right_knee', 'right_hip'), id=1, color=[255, 128, 0]),
        2: dict(link=('left_hip', 'left_knee'), id=2, color=[0, 255, 0]),
        3: dict(link=('left_knee', 'left_ankle'), id=3, color=[0, 255, 0]),
        4: dict(link=('right_hip', 'left_hip'), id=4, color=[51, 153, 255]),
        5: dict(link=('right_wrist', 'right_elbow'), id=5, color=[255, 128, 0]),
        6: dict(link=('right_elbow', 'right_shoulder'), id=6, color=[255, 128, 0]),
        7: dict(link=('left_shoulder', 'left_elbow'), id=7, color=[0, 255, 0]),
        8: dict(link=('left_elbow', 'left_wrist'), id=8, color=[0, 255, 0]),
        9: dict(link=('right_shoulder', 'neck'), id=9, color=[51, 153, 255]),
        10: dict(link=('left_shoulder', 'neck'), id=10, color=[51, 153, 255]),
        11: dict(link=('neck', 'head_top'), id=11, color=[51, 153, 255]),
        12: dict(link=('right_hip', 'right_shoulder'), id=12, color=[255, 128, 0]),
        13: dict(link=('left_hip', 'left_shoulder'), id=13, color=[0, 255, 0]),
    },
    joint_weights=[1.0] * 14,
    sigmas=[
        0.089,
        0.087,
        0.107,
        0.107,
        0.087,
        0.089,
        0.062,
        0.072,
        0.079,
        0.079,
        0.072,
        0.062,
        0.079,
        0.079,
    ],
)

codec = dict(type='UDPHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)

# MMPose's inferencers read both here.
dataset_type = 'CheckedCocoDataset'
data_mode = 'topdown'
data_root = 'data/lsp/'
train_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='RandomMirror', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_prob=0,
        scale_factor=(0.75, 1.25),
        rotate_factor=60,
        rotate_prob=0.6,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadWholeImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=True),
    dict(type='PackPoseInputs'),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        metainfo=metainfo,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/lspet_train.json',
        data_prefix=dict(img='images/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        metainfo=metainfo,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/lspet_val.json',
        data_prefix=dict(img='images/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

# Distances in units of the torso: right shoulder to left hip.
val_evaluator = dict(type='TorsoPCKAccuracy', thr=0.2, torso=(8, 3), prefix='pck')
test_evaluator = val_evaluator
