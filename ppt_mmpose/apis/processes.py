"""Several processes on a machine without an accelerator.

MMEngine joins processes by way of ``torch.cuda`` and wraps the model for a numbered
device; neither works on a CPU. Here the processes are joined by gloo before MMEngine
looks, and it leaves joined processes alone. With an accelerator, everything is
MMEngine's.
"""

import os
from typing import Any, Iterator, Optional

import torch.distributed
from mmengine.config import Config
from mmengine.device import get_device
from mmengine.dist import is_distributed

SYNCHRONISED = ('SyncBN', 'MMSyncBN', 'SyncBatchNorm')
# What torchrun tells every process it starts.
TOLD = ('RANK', 'WORLD_SIZE', 'LOCAL_RANK', 'MASTER_ADDR', 'MASTER_PORT')


def join_processes(cfg: Config) -> Optional[dict]:
    """Let the processes of ``cfg.launcher`` work on the device of this machine.

    Args:
        cfg: with the launcher and the model.

    Returns:
        The ``model_wrapper_cfg`` to use; where there is an accelerator or one process,
        that of the config.

    Raises:
        ValueError: if this process was not started by the launcher, or the launcher
            or a layer needs an accelerator and there is none.
    """
    wrapper = cfg.get('model_wrapper_cfg')
    if cfg.launcher == 'none':
        return wrapper
    if cfg.launcher == 'pytorch':
        missing = [name for name in TOLD if name not in os.environ]
        if missing:
            raise ValueError(
                f'launcher pytorch: expected {", ".join(TOLD)} in the environment, '
                f'got no {", ".join(missing)}; start with: torchrun '
                '--nproc_per_node=2 tools/train.py CONFIG --launcher pytorch'
            )
    if get_device() != 'cpu':
        return wrapper
    if cfg.launcher != 'pytorch':
        raise ValueError(
            f'launcher {cfg.launcher!r} needs an accelerator, and there is none; '
            "expected 'pytorch', started by torchrun"
        )
    if cfg.get('sync_bn') or any(name in SYNCHRONISED for name in _texts(cfg.model)):
        raise ValueError(
            'model: synchronised batch norm needs an accelerator, and there is none; '
            "expected norm_cfg=dict(type='BN'), and no sync_bn"
        )
    if not is_distributed():
        torch.distributed.init_process_group('gloo')
    mmengines = dict(
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    return dict(wrapper or mmengines, device_ids=None)


def _texts(value: Any) -> Iterator[str]:
    """All strings in nested dicts and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
