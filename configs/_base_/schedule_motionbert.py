"""MMPose's recipe of MotionBERT: AdamW, 240 epochs, 1 % less each until half-way.

On 8 processes of 32 sequences; ``--auto-scale-lr`` scales from there.
"""

train_cfg = dict(by_epoch=True, max_epochs=240, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='AdamW', lr=2e-4, weight_decay=0.01))
param_scheduler = [dict(type='ExponentialLR', gamma=0.99, end=120, by_epoch=True)]
auto_scale_lr = dict(base_batch_size=256)
