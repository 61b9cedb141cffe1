"""Configs of MMPose's, MMDetection's and our models, made small, without weights."""

from pathlib import Path

import mmpose
import torch
from mmengine.config import Config

from ppt_mmpose.apis import find_config

TOP_DOWN = 'td-hm_res50_8xb64-210e_coco-256x192'
ONE_STAGE = 'yoloxpose_tiny_4xb64-300e_coco-416'
DETECTOR = 'rtmdet_tiny_8xb32-300e_coco'


def small_config(folder, name, host=mmpose, **changes):
    """Write a config of a host by its name, with changes; return its path."""
    (path,) = (Path(host.__file__).parent / '.mim' / 'configs').rglob(f'{name}.py')
    cfg = Config.fromfile(path)
    cfg.load_from = None
    cfg.model.backbone.init_cfg = None
    cfg.merge_from_dict(changes)
    written = Path(folder) / f'small_{path.name}'
    cfg.dump(written)
    return str(written)


def top_down(folder):
    """ResNet-18 with heatmaps of COCO's keypoints, 256x192."""
    return small_config(
        folder, TOP_DOWN, **{'model.backbone.depth': 18, 'model.head.in_channels': 512}
    )


def ppt(folder):
    """PPT-S with blocks that are small."""
    cfg = Config.fromfile(find_config('ppt_s_coco'))
    cfg.model.neck.update(dim=16, stages=(4,), num_heads=2, prune_blocks=(1, 2))
    cfg.model.head.update(in_channels=16)
    path = Path(folder) / 'small_ppt.py'
    cfg.dump(path)
    return str(path)


def mv_ppt(folder):
    """Multi-view PPT of drawn views, with blocks that are small."""
    cfg = Config.fromfile(find_config('mv_ppt_s_synthetic'))
    cfg.model.neck.update(dim=16, stages=(4,), num_heads=2, prune_blocks=(1,))
    cfg.model.head.update(in_channels=16)
    cfg.model.attention_guide.update(blocks=(1,))
    path = Path(folder) / 'small_mv_ppt.py'
    cfg.dump(path)
    return str(path)


def with_weights(config, folder):
    """Random weights of a config, as a checkpoint; return its path."""
    from mmpose.registry import MODELS

    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(config).model)
    path = Path(folder) / 'random.pth'
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return str(path)
