"""How hard each term of a distiller pulls in a trained model; see distilling.md.

For each term: its value, the length of its gradient over all weights of the student,
and the cosine between that gradient and the one of the ground truth; means of some
batches. For each block: how peaked the teacher's attention is, and the part of it that
is on patches which the student has kept.
"""

import argparse
from collections import defaultdict
from itertools import islice
from statistics import mean
from typing import Dict, List

import torch
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmpose.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.config_files import merge_options
from ppt_mmpose.apis.study import Study

LABELS = 'loss_kpt'


def gradients(model: BaseModel, batch: dict) -> Dict[str, List[Tensor]]:
    """Of each term: its value and its gradient, flat."""
    losses = model(**model.data_preprocessor(batch, True), mode='loss')
    weights = [p for p in model.parameters() if p.requires_grad]
    found = {}
    for name, value in losses.items():
        if name.startswith('loss'):
            parts = torch.autograd.grad(
                value, weights, retain_graph=True, materialize_grads=True
            )
            found[name] = [value.detach(), torch.cat([p.flatten() for p in parts])]
    return found


@torch.no_grad()
def teachers_attention(model: BaseModel, batch: dict) -> List[List[float]]:
    """Of each block: mean of the largest values, and the part on kept patches."""
    inputs, samples = model.data_preprocessor(batch, True).values()
    blocks = range(len(model.student.neck.encoder.blocks))
    seen = [
        each.run(inputs, samples, attention_blocks=blocks).attention
        for each in (model.student, model.teacher)
    ]
    found = []
    for ours, theirs in zip(*seen):
        joints = theirs.attention.shape[1]
        rows = theirs.attention[..., joints:]
        source = ours.source[:, None].expand(-1, joints, -1)
        part = rows.gather(2, source).sum() / rows.sum()
        found.append([rows.amax(-1).mean().item(), part.item()])
    return found


def main() -> None:
    """Print a row for each term, and for each block."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'study', help='YAML file of the study; its shared options count'
    )
    parser.add_argument('checkpoint', help='of one of its runs')
    parser.add_argument('--batches', type=int, default=8)
    args = parser.parse_args()
    init_default_scope('mmpose')
    study = Study.read(args.study)
    cfg = Config.fromfile(find_config(study.config))
    merge_options(cfg, study.options)
    model = MODELS.build(cfg.model)
    model.init_weights()
    model.load_state_dict(torch.load(args.checkpoint)['state_dict'])
    model.train()
    loader = Runner.build_dataloader(cfg.train_dataloader, seed=0)
    rows, blocks = defaultdict(list), []
    for batch in islice(loader, args.batches):
        found = gradients(model, batch)
        blocks.append(teachers_attention(model, batch))
        labels = found[LABELS][1]
        for name, (value, gradient) in found.items():
            cosine = F.cosine_similarity(gradient, labels, dim=0)
            rows[name].append((value.item(), gradient.norm().item(), cosine.item()))
    print('| term | value | gradient | cosine |\n|---|---|---|---|')
    for name, numbers in rows.items():
        value, length, cosine = (mean(column) for column in zip(*numbers))
        print(f'| `{name}` | {value:.2f} | {length:.2f} | {cosine:.2f} |')
    print('\n| block | largest | on kept patches |\n|---|---|---|')
    for block, numbers in enumerate(zip(*blocks)):
        largest, part = (mean(column) for column in zip(*numbers))
        print(f'| {block} | {largest:.2f} | {part:.2f} |')


if __name__ == '__main__':
    main()
