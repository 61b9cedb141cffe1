"""DPPT-L/D6 on COCO, 256x192: its dense baseline teaches PPT-L/D6.

Not in the paper, which has MPII alone. Train the teacher first.

``model.attention_loss=None`` and ``model.heatmap_loss=None`` leave a term out, as table
2 of the paper does. Options of the student begin with ``model.student``.
"""

_base_ = ['ppt_l_d6_coco.py']

model = dict(
    _delete_=True,
    type='ppt_mmpose.models.TokenDistiller',
    student=_base_.model,
    teacher='tokenpose_l_d6_ppt_coco',
    teacher_checkpoint='work_dirs/tokenpose_l_d6_ppt_coco/epoch_300.pth',
    # Lambdas of 1: as much as the loss of the ground truth, which the head weights so.
    heatmap_loss=dict(type='HeatmapDistillation', loss_weight=0.5),
    attention_loss=dict(type='AttentionDistillation', loss_weight=0.5),
)

# The keep ratio is the same from the first step on.
default_hooks = dict(keep_ratio=dict(warmup_epochs=0, ramp_epochs=0))
