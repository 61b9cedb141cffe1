"""What other views tell about one: variants of multi-view PPT from one start.

See several_views.md. All variants begin with the same single-view model. What a view
goes through alone stays as it is, so that it is computed once; what comes behind it is
trained. A run that was made is not made again.
"""

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence

import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from ppt_mmpose.analysis.latency import machine, measure_latency
from ppt_mmpose.analysis.live_bytes import peak_live_bytes
from ppt_mmpose.analysis.views_benchmark import ring_samples
from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.config_files import merge_options
from ppt_mmpose.apis.study import Study, tabulate
from ppt_mmpose.models.view_groups import places_of_groups
from ppt_mmpose.tokens import EncoderOutput, TokenSequence

DATA = 'data/study_views'
START = 'work_dirs/several_views_start/PPT_seed0/epoch_6.pth'
METRICS = ['pose_2d/JDR', 'pose_2d/JDR_hidden', 'pose_3d/MPJPE']
VARIANTS: Dict[str, Dict[str, Any]] = {
    'one view': {'model.neck.fuse': False, 'model.neck.position_3d': False},
    'all patches, 4 views': {'model.neck.keep_ratio': 1.0},
    'human area, 4 views': {},
    'human area, 4 views, no rays': {'model.neck.position_3d': False},
    'human area, 2 views': {'model.view_sets': [[0, 2], [1, 3]]},
}
INSTANTS = 8  # of a step
RATE, WARM_UP = 3e-3, 50


class Views(NamedTuple):
    """Views of whole instants, as they are before any sees another."""

    sequences: TokenSequence
    rays: Tensor
    samples: List[PoseDataSample]
    meta: Dict[str, Any]

    def part(self, index: Tensor) -> 'Views':
        """Some of them."""
        sequence = self.sequences
        return Views(
            TokenSequence(
                sequence.tokens[index],
                sequence.num_keypoints,
                sequence.source[index],
                sequence.position[index],
            ),
            self.rays[index],
            [self.samples[number] for number in index.tolist()],
            self.meta,
        )


def config_of(variant: str) -> Config:
    """The config of a variant."""
    cfg = Config.fromfile(find_config('mv_ppt_s_synthetic'))
    start = dict(checkpoint=START, keypoints=tuple(range(17)))
    options = {
        'model.pretrained_keypoints': start,
        'model.attention_guide.blocks': (4, 5),
        **VARIANTS[variant],
    }
    merge_options(cfg, options)
    return cfg


def model_of(variant: str) -> Any:
    """The model of a variant, at its start."""
    model = MODELS.build(config_of(variant).model)
    model.init_weights()
    return model.eval()


@torch.no_grad()
def views_of(keep_ratio: float, split: str) -> Views:
    """What the frozen part, which all variants share, makes of all views."""
    cfg, model = config_of('human area, 4 views'), model_of('human area, 4 views')
    model.set_keep_ratio(keep_ratio)
    loader = cfg.train_dataloader if split == 'train' else cfg.val_dataloader
    loader.update(batch_size=64, num_workers=0, persistent_workers=False)
    loader.sampler = dict(type='GroupSampler', shuffle=False)
    loader.dataset.data_root = f'{DATA}/{split}'
    loader = Runner.build_dataloader(loader)
    parts, rays, samples = [], [], []
    for batch in loader:
        batch = model.data_preprocessor(batch)
        images = batch['inputs']
        alone = model.neck.encode_each_view(model.backbone(images)[-1]).sequence
        position = alone.position.expand_as(alone.tokens)
        parts.append((alone.tokens, alone.source, position))
        rays.append(model.where(images, batch['data_samples'])[1])
        samples += batch['data_samples']
    tokens, source, position = map(torch.cat, zip(*parts))
    sequence = TokenSequence(tokens, alone.num_keypoints, source, position)
    return Views(sequence, torch.cat(rays), samples, loader.dataset.metainfo)


def together(model: Any, views: Views, blocks: Sequence[int] = ()) -> Any:
    """What is trained: the last blocks. Places, output and keypoint tokens."""
    neck, count = model.neck, len(views.samples)
    if neck.fuse:
        told = [sample.metainfo for sample in views.samples]
        places = places_of_groups(told, model.view_sets)
    else:
        places = torch.arange(count)[:, None]
    rays = None if neck.position_3d is None else views.rays
    joined = neck.joined(views.sequences, rays, places)
    out = neck.encoder.together(joined, attention_blocks=blocks)
    return places, out, neck.taken_apart(out.stages[0], places, count)


def train(model: Any, views: Views, epochs: int) -> None:
    """Train what comes behind the frozen part."""
    neck, guide = model.neck, model.attention_guide
    trained = [*neck.encoder.blocks[neck.encoder.first_fused :], model.head]
    trained += [] if neck.position_3d is None else [neck.position_3d]
    parameters = [one for part in trained for one in part.parameters()]
    optimizer = torch.optim.Adam(parameters, RATE, betas=(0.9, 0.99))
    instants = len(views.samples) // 4
    steps = epochs * (instants // INSTANTS)

    def rate(step: int) -> float:
        cosine = (1 + math.cos(math.pi * step / steps)) / 2
        return min(1.0, (step + 1) / WARM_UP) * (0.02 + 0.98 * cosine)

    scheduler = LambdaLR(optimizer, rate)
    for _ in range(epochs):
        order = torch.randperm(instants)[: instants // INSTANTS * INSTANTS]
        for chosen in order.view(-1, INSTANTS):
            batch = views.part((chosen[:, None] * 4 + torch.arange(4)).flatten())
            places, out, keypoints = together(model, batch, guide.blocks)
            seen = EncoderOutput((keypoints,), (), None, out.attention)
            losses = model.losses_of(model.output_of(seen, places), batch.samples)
            optimizer.zero_grad()
            (losses['loss_kpt'] + losses['loss_attention']).backward()
            optimizer.step()
            scheduler.step()


@torch.no_grad()
def evaluate(model: Any, views: Views, cfg: Config) -> Dict[str, float]:
    """The config's metrics."""
    evaluator = Evaluator(cfg.test_evaluator)
    evaluator.dataset_meta = views.meta
    for part in torch.arange(len(views.samples)).split(4 * INSTANTS):
        batch = views.part(part)
        features = (together(model, batch)[2],)
        found = model.head.predict(features, batch.samples, test_cfg=model.test_cfg)
        evaluator.process(model.add_pred_to_datasample(found, None, batch.samples))
    return evaluator.evaluate(len(views.samples))


def costs() -> str:
    """The table of what a pass over one instant of four views takes."""
    models = [model_of(variant) for variant in VARIANTS]
    images, samples = torch.rand(4, 3, 128, 128), ring_samples(4, 1, (128, 128))
    passes = [
        lambda model=model: model(images, samples, mode='tensor') for model in models
    ]
    times = measure_latency(passes, repeats=30, device=torch.device('cpu'))
    rows = ['| variant | ms an instant | MB at once |', '|---|---|---|']
    for variant, time_taken, forward in zip(VARIANTS, times, passes):
        size = peak_live_bytes(forward) / 2**20
        rows.append(f'| {variant} | {time_taken} | {size:.1f} |')
    return '\n'.join([*rows, '', f'{machine(torch.device("cpu"))}'])


def main() -> None:
    """Make the runs that are missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('work_dir')
    parser.add_argument('--seeds', type=int, nargs='+', default=[0, 1, 2])
    parser.add_argument('--epochs', type=int, default=10)
    parser.add_argument('--costs', action='store_true', help='time and memory instead')
    args = parser.parse_args()
    init_default_scope('mmpose')
    MMLogger.get_instance('study', log_level='WARNING')
    if args.costs:
        print(costs())
        return
    known: Dict[float, Dict[str, Views]] = {}
    for seed in args.seeds:
        for variant in VARIANTS:
            folder = Path(args.work_dir, f'{variant.replace(" ", "_")}_seed{seed}')
            if (folder / 'result.json').exists():
                continue
            torch.manual_seed(seed)
            model = model_of(variant)
            ratio = model.keep_ratio
            if ratio not in known:
                known[ratio] = {one: views_of(ratio, one) for one in ('train', 'val')}
            start = time.process_time()
            train(model.train(), known[ratio]['train'], args.epochs)
            seconds = time.process_time() - start
            metrics = evaluate(model.eval(), known[ratio]['val'], config_of(variant))
            folder.mkdir(parents=True, exist_ok=True)
            result = json.dumps(dict(metrics=metrics, seconds=seconds))
            (folder / 'result.json').write_text(result)
    study = Study('', METRICS, args.seeds, {}, VARIANTS)
    print(tabulate(study, args.work_dir))


if __name__ == '__main__':
    main()
