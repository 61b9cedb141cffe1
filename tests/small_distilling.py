"""A training of a distiller on a handful of stick figures, as a config file."""

from pathlib import Path

import torch
from drawn_people import draw
from mmengine.config import Config
from mmpose.registry import MODELS

from ppt_mmpose.apis import find_config

ROOT = Path(__file__).parents[1]
# Without shuffling, as MMEngine does not save random states.
CONFIG = """
_base_ = '{root}/configs/dppt_s_synthetic.py'
data = dict(data_root='{people}', ann_file='people.json', data_prefix=dict(img=''))
loader = dict(batch_size=2, num_workers=0, persistent_workers=False)
train_dataloader = dict(sampler=dict(shuffle=False), dataset=data, **loader)
test_dataloader = dict(dataset=data, **loader)
test_evaluator = dict(_delete_=True, type='EPE')
val_dataloader = val_evaluator = val_cfg = None
model = dict(
    teacher_checkpoint='{teacher}', student=dict(backbone=dict(norm_eval=True)))
train_cfg = dict(max_epochs=2)
randomness = dict(seed=0, deterministic=True)
default_hooks = dict(checkpoint=dict(interval=1), logger=dict(interval=1))
log_level = 'WARNING'
"""


def distilling_config(folder, people=8):
    """Write people, the weights of a teacher and the config; return its path."""
    draw(folder / 'people', count=people)
    torch.manual_seed(5)
    teacher = MODELS.build(Config.fromfile(find_config('tokenpose_s_synthetic')).model)
    teacher.init_weights()
    path = folder / 'teacher.pth'
    torch.save(dict(state_dict=teacher.state_dict(), meta={}), path)
    text = CONFIG.format(root=ROOT, people=folder / 'people', teacher=path)
    (folder / 'distilling.py').write_text(text)
    return str(folder / 'distilling.py')


def history(runner, name):
    """What a training logged of each step."""
    return runner.message_hub.get_scalar(f'train/{name}').data[0].tolist()


def weights(folder, epoch=1):
    """Of a training's checkpoint."""
    return torch.load(Path(folder) / f'epoch_{epoch}.pth')['state_dict']
