"""Multi-view PPT-S on Human3.6M without the encoding of rays (PPT, table 4)."""

_base_ = './mv_ppt_s_h36m.py'

model = dict(neck=dict(position_3d=False))
