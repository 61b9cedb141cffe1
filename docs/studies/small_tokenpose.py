"""The teacher of distilling.yml: half as many channels in the stem, to be faster."""

_base_ = ['../../configs/tokenpose_s_synthetic.py']

model = dict(backbone=dict(channels=16), neck=dict(in_channels=64))
# Tested once, at the end, by the study.
val_dataloader = None
val_evaluator = None
val_cfg = None
