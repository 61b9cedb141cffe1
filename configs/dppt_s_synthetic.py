"""DPPT with the quickstart's small models, on drawn people, on a CPU.

Train the teacher first.

``model.attention_loss=None`` and ``model.heatmap_loss=None`` leave a term out, as table
2 of the paper does. Options of the student begin with ``model.student``.
"""

_base_ = ['ppt_quickstart.py']

model = dict(
    _delete_=True,
    type='ppt_mmpose.models.TokenDistiller',
    student=_base_.model,
    teacher='tokenpose_s_synthetic',
    teacher_checkpoint='work_dirs/tokenpose_s_synthetic/epoch_6.pth',
    # Lambdas of 1: as much as the loss of the ground truth, which the head weights so.
    # For attention that is much in so small a model, see docs/studies/distilling.md.
    heatmap_loss=dict(type='HeatmapDistillation', loss_weight=1000),
    attention_loss=dict(type='AttentionDistillation', loss_weight=1000),
)

# The keep ratio is the same from the first step on.
default_hooks = dict(keep_ratio=dict(warmup_epochs=0, ramp_epochs=0))
