"""Adam in one pass over the weights, where torch has that."""

import copy
from typing import Any, Dict, Iterable, List

import torch
from mmpose.registry import OPTIMIZERS


@OPTIMIZERS.register_module()
class FusedAdam(torch.optim.Adam):
    """torch's Adam with ``fused=True`` where that works, and without elsewhere.

    It works on CUDA, and from torch 2.4 on also on CPUs. The numbers are Adam's but for
    rounding. Checkpoints are Adam's, too, and may come from either kind.

    Args:
        params: weights on the device on which they are trained, or groups of them.
        **options: as in torch's Adam, without ``fused``, ``foreach`` and
            ``differentiable``.

    Raises:
        ValueError: if one of these is given.
    """

    def __init__(self, params: Iterable[Any], **options: Any) -> None:
        for name in ('fused', 'foreach', 'differentiable'):
            if name in options:
                raise ValueError(
                    f'{name}: expected it not to be set, because FusedAdam chooses, '
                    f'got {options[name]}; torch has it as Adam'
                )
        groups = list(params)
        super().__init__(groups, fused=_can_fuse(groups) or None, **options)

    # A training that is compiled would compile it, too, which takes longer than the
    # model itself and gains nothing where one kernel does it all.
    step = torch.compiler.disable(torch.optim.Adam.step)

    def load_state_dict(self, state_dict: Dict[str, Any]) -> None:
        """Load what an Adam has saved, on any device and with any version.

        Args:
            state_dict: as ``state_dict`` gives it.
        """
        state_dict = copy.copy(state_dict)
        # A group that comes in brings its own choice, which may not work here.
        own = {name: self.defaults[name] for name in ('fused', 'foreach')}
        state_dict['param_groups'] = [
            dict(group, **own) for group in state_dict['param_groups']
        ]
        super().load_state_dict(state_dict)


def _can_fuse(groups: List[Any]) -> bool:
    # Devices and dtypes with a fused Adam differ between versions. One that was refused
    # is half made and has marked its groups, so it is another one that tries.
    copies = [dict(each) if isinstance(each, dict) else each for each in groups]
    try:
        torch.optim.Adam(copies, fused=True)
    except RuntimeError:
        return False
    return True
