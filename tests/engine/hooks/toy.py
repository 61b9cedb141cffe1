"""A model, a data loader and a runner small enough for hooks to be tested."""

import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.runner import Runner
from mmpose.registry import MODELS
from torch.utils.data import DataLoader


class ToyPose(BaseModel):
    """A neck that prunes, a head of one number, and a record of ratios seen."""

    def __init__(self, prune_blocks=(1,), keep_ratio=0.5):
        super().__init__()
        self.neck = MODELS.build(
            dict(
                type='TokenPoseNeck',
                in_channels=2,
                feature_size=(4, 4),
                patch_size=(1, 1),
                num_keypoints=2,
                dim=4,
                num_heads=1,
                stages=(3,),
                prune_blocks=prune_blocks,
                keep_ratio=keep_ratio,
            )
        )
        self.seen = []

    def forward(self, inputs, data_samples=None, mode='tensor'):
        self.seen.append((mode, self.neck.keep_ratio))
        out = self.neck((inputs,))[0].sum()
        return dict(loss=out) if mode == 'loss' else [out]


class ToyMetric(BaseMetric):
    """A metric whose score rises or falls as a list says."""

    def __init__(self, scores=(1,) * 100):
        super().__init__()
        self.scores = list(scores)

    def process(self, data_batch, data_samples):
        self.results.append(0)

    def compute_metrics(self, results):
        return dict(score=self.scores.pop(0))


def batches(samples=6):
    return DataLoader([dict(inputs=torch.ones(2, 4, 4))] * samples, batch_size=2)


def runner_of(folder, hooks, model=None, epochs=4, evaluator=None, **options):
    return Runner(
        model=model or ToyPose(),
        work_dir=str(folder),
        train_dataloader=batches(),
        train_cfg=dict(by_epoch=True, max_epochs=epochs, val_interval=1),
        optim_wrapper=dict(optimizer=dict(type='Adam', lr=1e-3)),
        val_dataloader=batches(2),
        val_cfg=dict(),
        val_evaluator=[evaluator or ToyMetric()],
        default_hooks=dict(logger=None, timer=None, checkpoint=None) | hooks,
        default_scope='mmpose',
        log_level='ERROR',
        experiment_name=f'{folder.name}-{torch.rand(1).item()}',
        **options,
    )
