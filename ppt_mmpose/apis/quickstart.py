"""The whole way on drawn people: data, training, test, inference, pictures."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

from mmengine.config import Config
from mmengine.logging import print_log

from ..datasets.synthetic import make_dataset
from ..evaluation import mean_pose_ap
from .config_files import find_config
from .inferencers import TokenPoseInferencer
from .runner import latest_checkpoint

CONFIG = 'ppt_quickstart'
# Its own: a training of the same config by hand goes to another folder.
WORK_DIR = Path('work_dirs') / 'quickstart'
PICTURE = (144, 192)  # width and height, px: a little more than the model looks at


@dataclass(frozen=True)
class QuickstartResult:
    """What came out.

    Attributes:
        ap: COCO AP of the trained model on pictures that it was not trained on.
        mean_pose_ap: of the mean training pose in the same boxes.
        checkpoint: the trained weights.
        pictures: of held-out people, with what the model kept.
    """

    ap: float
    mean_pose_ap: float
    checkpoint: str
    pictures: List[str]


def quickstart(
    *,
    train: int,
    val: int,
    epochs: Optional[int] = None,
    workers: int = 2,
    pictures: int = 8,
) -> QuickstartResult:
    """Draw people, train on them through mim, test, and draw what the model sees.

    Reads and writes below the current folder, where the config says. What is there
    already and whole is not made again; a training that was stopped goes on.

    Args:
        train: number of pictures to train on.
        val: number of pictures to evaluate on.
        epochs: of the training; the config's when None.
        workers: processes that draw.
        pictures: how many held-out people to draw predictions of.

    Raises:
        RuntimeError: if a step fails; it has said why.
    """
    cfg = Config.fromfile(find_config(CONFIG))
    if epochs is not None:
        cfg.merge_from_dict(_length(epochs))
    data, work_dir = Path(cfg.data_root), WORK_DIR
    files = make_dataset(str(data), train=train, val=val, size=PICTURE, workers=workers)
    checkpoint = _trained(cfg, work_dir, Path(files['train']))
    ap = _tested(checkpoint, work_dir / 'test')
    drawn = _draw_predictions(
        checkpoint, data / 'val', Path(files['val']), work_dir / 'pictures', pictures
    )
    floor = mean_pose_ap(files['train'], files['val'])
    return QuickstartResult(ap, floor, checkpoint, drawn)


def _trained(cfg: Config, work_dir: Path, labels: Path) -> str:
    """The last checkpoint of the config's training, which is run where needed."""
    last = work_dir / f'epoch_{cfg.train_cfg.max_epochs}.pth'
    checkpoints = list(work_dir.glob('epoch_*.pth'))
    newer = all(file.stat().st_mtime > labels.stat().st_mtime for file in checkpoints)
    if not (newer and _same_training(cfg, work_dir / f'{CONFIG}.py')):
        # Of other pictures or another config: nothing to go on from.
        for file in checkpoints:
            print_log(f'{file}: of another training, removed', logger='current')
            file.unlink()
    if last.exists():
        print_log(f'{last}: trained already', logger='current')
        return str(last)
    resume = ['--resume'] if latest_checkpoint(str(work_dir)) else []
    length = _length(cfg.train_cfg.max_epochs)
    options = [f'{key}={value}' for key, value in length.items()]
    _mim('train', '--work-dir', str(work_dir), *resume, '--cfg-options', *options)
    return str(last)


def _length(epochs: int) -> Dict[str, int]:
    """Changes to the config: the learning rate falls over the whole training."""
    return {'train_cfg.max_epochs': epochs, 'param_scheduler.1.end': epochs}


def _same_training(cfg: Config, dumped: Path) -> bool:
    """Whether a config that a training wrote down would train the same model."""
    if not dumped.exists():
        return False
    trained = Config.fromfile(dumped)
    names = (
        *('model', 'train_dataloader', 'train_cfg'),
        *('optim_wrapper', 'param_scheduler'),
    )
    ramps = [each.default_hooks.get('keep_ratio') for each in (cfg, trained)]
    same = all(cfg.get(name) == trained.get(name) for name in names)
    return same and ramps[0] == ramps[1]


def _tested(checkpoint: str, work_dir: Path) -> float:
    """AP on the held-out pictures, as MMPose's evaluator wrote it down."""
    out = work_dir / 'metrics.json'
    where = ('--work-dir', str(work_dir), '--out', str(out))
    _mim('test', '--checkpoint', checkpoint, *where)
    return float(json.loads(out.read_text())['coco/AP'])


def _mim(command: str, *arguments: str) -> None:
    call = [sys.executable, '-m', 'mim', command, 'ppt_mmpose', f'{CONFIG}.py']
    if subprocess.run([*call, *arguments]).returncode:
        raise RuntimeError(f'{" ".join(call)} failed; it says why above')


def _draw_predictions(
    checkpoint: str, images: Path, labels: Path, folder: Path, count: int
) -> List[str]:
    """Skeleton and kept tokens of the first held-out people, one picture each."""
    inferencer = TokenPoseInferencer(
        pose2d=CONFIG, pose2d_weights=checkpoint, det_model='whole_image', device='cpu'
    )
    files: List[str] = []
    for person in _one_an_image(labels)[:count]:
        x, y, width, height = person['bbox']
        results = inferencer(
            str(images / f'{person["image_id"]:012d}.jpg'),
            bboxes=[[(x, y, x + width, y + height)]],
            draw_tokens=['kept'],
            out_dir=str(folder),
        )
        files += next(results)['token_files']
    return files


def _one_an_image(labels: Path) -> List[Dict[str, Any]]:
    """The person that each picture is about."""
    found: Dict[int, Dict[str, Any]] = {}
    for person in json.loads(labels.read_text())['annotations']:
        found.setdefault(person['image_id'], person)
    return list(found.values())
