"""The released recipe: Adam at 1e-3 without decay, a tenth at 200 and 260 of 300.

Released on 4 processes of 32 samples; ``--auto-scale-lr`` scales from there.
"""

train_cfg = dict(by_epoch=True, max_epochs=300, val_interval=10)
optim_wrapper = dict(optimizer=dict(type='FusedAdam', lr=1e-3))
param_scheduler = [
    dict(
        type='MultiStepLR',
        begin=0,
        end=300,
        milestones=[200, 260],
        gamma=0.1,
        by_epoch=True,
    )
]
auto_scale_lr = dict(base_batch_size=128)
