"""The released recipe of multi-view PPT: Adam at 1e-3, a tenth from epochs 9 and 14.

The released configs say 10 and 15 of 20, and the code steps before the first epoch.
Released on 4 processes of 8 instants of 4 views; ``--auto-scale-lr`` scales from there.
"""

train_cfg = dict(by_epoch=True, max_epochs=20, val_interval=1)
optim_wrapper = dict(optimizer=dict(type='FusedAdam', lr=1e-3))
param_scheduler = [
    dict(
        type='MultiStepLR',
        begin=0,
        end=20,
        milestones=[9, 14],
        gamma=0.1,
        by_epoch=True,
    )
]
auto_scale_lr = dict(base_batch_size=128)
