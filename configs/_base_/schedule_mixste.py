"""The released recipe of MixSTE and HoT: AdamW, 160 epochs, 1 % less each.

On one process, in batches of 4 sequences.
"""

train_cfg = dict(by_epoch=True, max_epochs=160, val_interval=1)
optim_wrapper = dict(optimizer=dict(type='AdamW', lr=4e-5, weight_decay=0.1))
param_scheduler = [dict(type='ExponentialLR', gamma=0.99, by_epoch=True)]
auto_scale_lr = dict(base_batch_size=4)
randomness = dict(seed=1126)
