"""Record golden values of ours: ``python tests/golden/record.py [NAME ...]``.

Only after a model agrees with its reference, and only when a change of its numbers
is meant.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from ppt_mmpose.apis import config_names, find_config
from ppt_mmpose.models import MultiViewTokenPoseNeck, TokenPoseLifter

sys.path.insert(0, str(Path(__file__).parents[1]))
from seeded_weights import fill, image, joint_sequence, uniform

FOLDER = Path(__file__).parent
SAMPLES = 24
VIEWS = 3
# Of lifters that take less than their configs' sequences.
FRAMES = 27


def observe(name):
    """What a config's model does with seeded weights and a seeded image or sequence."""
    init_default_scope('mmpose')
    cfg = Config.fromfile(find_config(name))
    model = MODELS.build(cfg.model)
    model = getattr(model, 'student', model)
    weights = fill(model)
    model.eval()
    with torch.no_grad():
        if isinstance(model, TokenPoseLifter):
            kind, encoded = 'poses', _encoded_sequence(model)
            outputs = model.head(encoded.tokens).double()
        else:
            kind, encoded = 'heatmaps', _encoded(model, *reversed(cfg.codec.input_size))
            outputs = model.head(model.neck.keypoint_features(encoded)).double()
    places = torch.linspace(0, outputs.numel() - 1, SAMPLES).long()
    return {
        'weights_sha256': weights,
        'parameters': sum(p.numel() for p in model.parameters()),
        f'{kind}_shape': list(outputs.shape),
        f'{kind}_absmax': outputs.abs().max().item(),
        f'{kind}_sum': outputs.sum().item(),
        kind: [round(v, 7) for v in outputs.flatten()[places].tolist()],
        'kept': {str(p.block): p.source[0].tolist() for p in encoded.prunings},
    }


def _encoded(model, height, width):
    neck = model.neck
    if not isinstance(neck, MultiViewTokenPoseNeck):
        return neck.encode(model.backbone(image(height, width))[-1])
    views = torch.cat([image(height, width, seed) for seed in range(VIEWS)])
    rows, columns = neck.patch_embedding.grid
    rays = uniform(np.random.RandomState(9), (VIEWS, rows * columns, 3), 1)
    rays = torch.nn.functional.normalize(rays, dim=-1)
    if neck.position_3d is None:
        rays = None
    features = model.backbone(views)[-1]
    return neck.encode_views(features, rays, torch.arange(VIEWS)[None])


def _encoded_sequence(model):
    """A short sequence, of which the config's share of frames is kept."""
    backbone = model.backbone
    frames, joints, channels = backbone.expected
    if backbone.any_length:
        if backbone.hourglass is not None:
            counts = backbone.hourglass.counts
            model.set_kept_frames([count * FRAMES // frames for count in counts])
        frames = FRAMES
    return backbone.encode(joint_sequence(frames, joints, channels))


def main():
    for name in sys.argv[1:] or config_names():
        text = json.dumps(observe(name), separators=(',', ':'))
        (FOLDER / f'{name}.json').write_text(text.replace(',"', ',\n"') + '\n')


if __name__ == '__main__':
    main()
