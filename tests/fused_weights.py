"""Seeded weights of a model that fuses views, as a checkpoint."""

import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from seeded_weights import fill

from ppt_mmpose.apis import find_config

CONFIG = 'mv_ppt_s_synthetic'
REFUSAL = (
    f'{CONFIG}: expected a model that sees every view alone, got one that fuses '
    'views; model.neck.fuse=False runs its weights without fusion'
)


def fused_weights(folder):
    """Write them; return the path."""
    model = MODELS.build(Config.fromfile(find_config(CONFIG)).model)
    fill(model)
    path = folder / 'fused.pth'
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return str(path)
