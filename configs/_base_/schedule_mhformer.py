"""The released recipe of MHFormer: Adam (AMSGrad), 20 epochs.

5 % less each epoch, and half after every fifth. On one process.
"""

train_cfg = dict(by_epoch=True, max_epochs=20, val_interval=1)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=1e-3, amsgrad=True))
param_scheduler = [
    dict(type='ExponentialLR', gamma=0.95, by_epoch=True),
    dict(type='StepLR', step_size=5, gamma=0.5 / 0.95, by_epoch=True),
]
auto_scale_lr = dict(base_batch_size=128)
randomness = dict(seed=1)
