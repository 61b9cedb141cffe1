"""Global fusion on Human3.6M: multi-view PPT-S that prunes nothing (PPT, table 4).

The paper's TokenPose with transformers on top: the last two blocks see all 256 patches
of all views.
"""

_base_ = './mv_ppt_s_h36m.py'

model = dict(neck=dict(prune_blocks=(), keep_ratio=1.0))
