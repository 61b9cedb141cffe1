"""Refusing weights that do not fit.

MMEngine's runner and MMPose's inferencers load with ``strict=False`` and only warn,
so that a wrong file gives a model that runs and finds nothing. A model that calls
:func:`refuse_misfit` says so instead, whoever loads it.
"""

from typing import Iterable, List

from torch import nn

SHOWN = 5


class MisfitError(RuntimeError):
    """A state dict that does not belong to the model."""


def refuse_misfit(model: nn.Module) -> None:
    """Make ``model`` refuse state dicts with other keys or shapes than its own.

    Works for torch's and MMEngine's loading alike, also when the model is part of
    another (the check looks only below its own prefix).

    Raises (on loading):
        MisfitError: naming the keys and shapes of both sides.
    """
    # The public twin of this method came with torch 2.5.
    model._register_load_state_dict_pre_hook(_check, with_module=True)


def _check(module: nn.Module, state_dict: dict, prefix: str, *_: object) -> None:
    own = {prefix + key: value for key, value in module.state_dict().items()}
    # Both loaders hand a part of a model only the entries below its own prefix.
    given = state_dict
    # Counters of batch norm are missing in old files, and only used without momentum.
    missing = [
        key for key in own if key not in given and 'num_batches_tracked' not in key
    ]
    unexpected = [key for key in given if key not in own]
    misshapen = [
        f'{key}: model {tuple(own[key].shape)}, file {tuple(given[key].shape)}'
        for key in own
        if key in given and own[key].shape != given[key].shape
    ]
    if missing or unexpected or misshapen:
        lines = [
            f'The weights do not fit {type(module).__name__}: the model has '
            f'{len(own)} entries, the file {len(given)}.',
            *_listed('in the model, not in the file', missing),
            *_listed('in the file, not in the model', unexpected),
            *_listed('of another shape', misshapen),
            'Give the config that belongs to the file, convert a released file '
            'with tools/convert_checkpoint.py, or set model.partial_init=True to '
            'start from the entries that fit.',
        ]
        raise MisfitError('\n'.join(lines))


def _listed(what: str, entries: Iterable[str]) -> List[str]:
    entries = list(entries)
    if not entries:
        return []
    more = f' and {len(entries) - SHOWN} more' if len(entries) > SHOWN else ''
    return [f'  {len(entries)} {what}: {", ".join(entries[:SHOWN])}{more}']
