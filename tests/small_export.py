"""A model of ppt_quickstart's kind that is exported in seconds, with real peaks."""

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from seeded_weights import fill

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.config_files import merge_options

WHY = 'needs the packages of requirements/onnx.txt, and PyTorch 2.6 for its exporter'
CONFIG = 'ppt_quickstart'
SIZE = (96, 128)  # width and height of its images
OPTIONS = {
    'model.backbone.channels': 8,
    'model.backbone.dilations': (1,),
    'model.neck.in_channels': 32,
    'model.neck.dim': 16,
    'model.neck.stages': (3,),
    'model.neck.num_heads': 2,
    'model.neck.prune_blocks': (0, 1),
    'model.head.in_channels': 16,
    'model.attention_guide': None,
}
KEPT = {'0': 45, '1': 32}
# Columns and rows of peaks in heatmaps of 24x32, and how high they are: some at the
# border, some inside.
PEAKS = [(0.2, 9.4, 1), (23, 31, 1), (12.3, 0, 1), (22.6, 15, 1)]
PEAKS += [(8.3, 9.2, 1), (14.8, 14.6, 1), (9.1, 20.4, 1), (15.2, 23.7, 1)]


def skip_without_exporter():
    for package in ('onnx', 'onnxscript', 'onnxruntime'):
        pytest.importorskip(package, reason=WHY)
    if torch.__version__ < '2.6':
        pytest.skip(WHY)


def config():
    cfg = Config.fromfile(find_config(CONFIG))
    merge_options(cfg, OPTIONS)
    return cfg


def build(seed=0):
    """A model whose heatmaps have a peak each, and depend on the image, too."""
    init_default_scope('mmpose')
    model = MODELS.build(config().model).eval()
    fill(model, seed)
    last = model.head.projection[-1]
    rows, columns = np.mgrid[:32, :24]
    peaks = [
        height * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 4)
        for x, y, height in PEAKS
    ]
    with torch.no_grad():
        last.weight *= 0.1
        # One bias for all keypoints, so each finds its own by what its token says.
        last.bias.copy_(torch.from_numpy(np.max(peaks, 0)).flatten())
    return model


def checkpoint(folder, seed=0):
    path = folder / f'seed_{seed}.pth'
    torch.save(dict(state_dict=build(seed).state_dict(), meta={}), path)
    return str(path)


def images(batch, seed=1):
    """``(batch, 3, 128, 96)``, normalised."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, 3, SIZE[1], SIZE[0], generator=generator)
