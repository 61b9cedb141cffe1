"""Multi-view PPT-S on Human3.6M that fuses two views: cameras 0 with 2, 1 with 3.

No config of two views was released; the pairs are those of TransFusion, on which the
released code is built. Batches hold whole instants, so that all four cameras are tested
on, and 3D poses come from all four. ``model.view_sets=None`` takes the weights to other
cameras. The loss is the sum over the views of a pair.
"""

_base_ = './mv_ppt_s_h36m.py'

model = dict(view_sets=((0, 2), (1, 3)), head=dict(loss=dict(loss_weight=2.0)))
