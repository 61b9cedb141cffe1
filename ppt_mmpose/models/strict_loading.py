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
        where = f' that begin with {prefix!r}' if prefix else ''
        lines = [
            f'The weights do not fit {type(module).__name__}: the model has '
            f'{len(own)} entries{where}, the file {len(given)}.',
            *_listed('in the model, not in the file', missing),
            *_listed('in the file, not in the model', unexpected),
            *_listed('of another shape', misshapen),
            *_of_a_distiller(prefix, unexpected),
            'Give the config that belongs to the file, convert a released file '
            f'with tools/convert_checkpoint.py, or set model.{prefix}partial_init=True '
            'to start from the entries that fit.',
        ]
        raise MisfitError('\n'.join(lines))


def _of_a_distiller(prefix: str, unexpected: List[str]) -> List[str]:
    if prefix == 'student.':
        return ['The config is that of a distiller, whose files have a student.']
    if any(key.startswith('student.') for key in unexpected):
        return [
            'The file is that of a distiller; tools/export_student.py takes the '
            'student out of it.'
        ]
    return []


def _listed(what: str, entries: Iterable[str]) -> List[str]:
    entries = list(entries)
    if not entries:
        return []
    more = f' and {len(entries) - SHOWN} more' if len(entries) > SHOWN else ''
    return [f'  {len(entries)} {what}: {", ".join(entries[:SHOWN])}{more}']
