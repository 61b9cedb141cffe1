"""Training and testing from a config, with the options of MMPose's tools."""

from pathlib import Path
from typing import Optional

from mmengine.config import Config
from mmengine.device import get_device
from mmengine.dist import is_main_process
from mmengine.fileio import dump as write
from mmengine.runner import Runner, find_latest_checkpoint

from ..compat.safe_loading import named_refusal
from .config_files import find_config, merge_options
from .processes import join_processes

AUTO = 'auto'
WRAPPERS = ('OptimWrapper', 'AmpOptimWrapper', 'BFloat16OptimWrapper')


def latest_checkpoint(work_dir: str) -> Optional[str]:
    """The checkpoint to resume from in a folder, or None if it holds none.

    MMEngine notes its last checkpoint in a text file, by its absolute path; the file
    of that name in this folder counts, because the folder may have been copied. If
    the note is missing or names no file (the process died while it wrote it), the
    newest checkpoint of the folder counts.
    """
    noted = find_latest_checkpoint(work_dir) if Path(work_dir).is_dir() else None
    if noted:
        here = Path(work_dir) / Path(noted).name
        for file in (here, Path(noted)):
            if file.is_file():
                return str(file)
    files = [*Path(work_dir).glob('epoch_*.pth'), *Path(work_dir).glob('iter_*.pth')]
    return str(max(files, key=lambda file: file.stat().st_mtime)) if files else None


def train(
    config: str,
    *,
    work_dir: Optional[str] = None,
    resume: Optional[str] = None,
    amp: bool = False,
    no_validate: bool = False,
    auto_scale_lr: bool = False,
    show: bool = False,
    show_dir: Optional[str] = None,
    interval: int = 1,
    wait_time: float = 1,
    cfg_options: Optional[dict] = None,
    launcher: str = 'none',
) -> Runner:
    """Train a model.

    Args:
        config: a path, or the name of one of our configs.
        work_dir: folder for logs and checkpoints; ``work_dirs/NAME`` when None.
        resume: a checkpoint to go on from, or ``'auto'`` for the latest of the
            work folder.
        amp: mixed precision: MMEngine's on an accelerator, bfloat16 on a CPU.
        no_validate: do not evaluate while training.
        auto_scale_lr: scale the learning rate with the whole batch.
        show: draw validation results in a window.
        show_dir: draw validation results; MMPose puts those of a training into
            ``vis_data`` of its log folder, whatever the folder is called here.
        interval: draw every so many samples.
        wait_time: seconds that a window stays.
        cfg_options: changes to the config, by dotted key.
        launcher: ``none``, ``pytorch``, ``slurm`` or ``mpi``.

    Returns:
        The runner, after training.

    Raises:
        ValueError: for mixed precision with another wrapper of the optimiser, for a
            launcher that did not start this process, or for a checkpoint that would run
            code.
    """
    cfg = _configured(config, work_dir, launcher)
    if no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if amp:
        _mix_precisions(cfg)
    if auto_scale_lr:
        _expect('auto_scale_lr', 'auto_scale_lr=dict(base_batch_size=...)', cfg)
        cfg.auto_scale_lr.enable = True
    _draw(cfg, show, show_dir, interval, wait_time)
    merge_options(cfg, cfg_options)
    if resume:
        last = latest_checkpoint(cfg.work_dir) if resume == AUTO else resume
        # Where there is nothing to resume, the config's weights are where it begins.
        if last is not None:
            cfg.load_from, cfg.resume = last, True
    cfg.model_wrapper_cfg = join_processes(cfg)
    runner = Runner.from_cfg(cfg)
    with named_refusal(cfg.load_from):
        runner.train()
    return runner


def test(
    config: str,
    checkpoint: str,
    *,
    work_dir: Optional[str] = None,
    out: Optional[str] = None,
    dump: Optional[str] = None,
    show: bool = False,
    show_dir: Optional[str] = None,
    interval: int = 1,
    wait_time: float = 1,
    cfg_options: Optional[dict] = None,
    launcher: str = 'none',
) -> dict:
    """Evaluate a checkpoint.

    Args:
        config: a path, or the name of one of our configs.
        checkpoint: weights; they must fit the config's model.
        work_dir: folder for logs; ``work_dirs/NAME`` when None.
        out: file for the metrics, json or pickle.
        dump: pickle file for all predictions.
        show: draw results in a window.
        show_dir: folder for drawings of results.
        interval: draw every so many samples.
        wait_time: seconds that a window stays.
        cfg_options: changes to the config, by dotted key.
        launcher: ``none``, ``pytorch``, ``slurm`` or ``mpi``.

    Returns:
        The metrics by name.

    Raises:
        ValueError: as in :func:`train`.
    """
    cfg = _configured(config, work_dir, launcher)
    _draw(cfg, show, show_dir, interval, wait_time)
    merge_options(cfg, cfg_options)
    # After the options: weights that a training began with are not those to test.
    cfg.load_from = checkpoint
    if dump:
        evaluators = cfg.test_evaluator
        evaluators = evaluators if isinstance(evaluators, list) else [evaluators]
        cfg.test_evaluator = [*evaluators, dict(type='DumpResults', out_file_path=dump)]
    cfg.model_wrapper_cfg = join_processes(cfg)
    runner = Runner.from_cfg(cfg)
    with named_refusal(checkpoint):
        metrics = runner.test()
    if out and is_main_process():
        write(metrics, out)
    return metrics


def _configured(config: str, work_dir: Optional[str], launcher: str) -> Config:
    path = find_config(config)
    cfg = Config.fromfile(path)
    cfg.launcher = launcher
    if work_dir or not cfg.get('work_dir'):
        cfg.work_dir = work_dir or str(Path('work_dirs') / path.stem)
    return cfg


def _expect(key: str, expected: str, settings: dict) -> None:
    if key not in settings:
        raise ValueError(f'config: expected {expected}, got no {key}')


def _mix_precisions(cfg: Config) -> None:
    wrapper = cfg.optim_wrapper
    kind = wrapper.get('type', 'OptimWrapper')
    if kind not in WRAPPERS:
        raise ValueError(
            f'amp: expected optim_wrapper.type to be one of {WRAPPERS}, got {kind!r}'
        )
    if kind == 'BFloat16OptimWrapper':
        return
    if get_device() != 'cpu':
        wrapper.type = 'AmpOptimWrapper'
        wrapper.setdefault('loss_scale', 'dynamic')
        return
    dtype = wrapper.pop('dtype', None) or 'bfloat16'
    if dtype != 'bfloat16':
        raise ValueError(
            f'amp: expected optim_wrapper.dtype to be bfloat16 on a CPU, got {dtype!r}'
        )
    wrapper.pop('loss_scale', None)
    wrapper.type = 'BFloat16OptimWrapper'


def _draw(
    cfg: Config, show: bool, show_dir: Optional[str], interval: int, wait_time: float
) -> None:
    if show or show_dir:
        hook = "visualization=dict(type='PoseVisualizationHook')"
        _expect('visualization', f'default_hooks to have {hook}', cfg.default_hooks)
        cfg.default_hooks.visualization.update(
            enable=True,
            show=show,
            wait_time=wait_time,
            out_dir=show_dir,
            interval=interval,
        )
