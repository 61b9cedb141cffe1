"""The quickstart's small model without pruning, on drawn people.

It teaches the student of ``dppt_s_synthetic.py``.
"""

_base_ = [
    '_base_/runtime.py',
    '_base_/drawn_128x96.py',
    '_base_/tokenpose_drawn.py',
]

model = dict(head=dict(decoder=_base_.codec))

default_hooks = dict(checkpoint=dict(interval=1))
