"""Reading a released file, and fitting its weights to a model of ours."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple, Union

import torch
from torch import Tensor, nn

from ppt_mmpose.tokens import sine_position_2d

from ..compat.safe_loading import refusal
from .key_tables import KeyTable
from .lifter_keys import LifterKeys

PATCH = 'neck.patch_embedding.projection.weight'
POSITION = 'neck.position'
# The released sine table went through float32; other encodings differ by far more.
POSITION_TOLERANCE = 1e-3


class ConversionError(ValueError):
    """A file that cannot be converted; nothing was written."""


def read_released(path: Path) -> Dict[str, Tensor]:
    """Weights of a released file, without running any code of its pickle.

    Takes a plain state dict or a training checkpoint that holds one, with or
    without the prefix of a parallel wrapper.

    Raises:
        ConversionError: if the file is missing, no checkpoint, or not safe to load.
    """
    if not path.is_file():
        raise ConversionError(f'{path}: expected a checkpoint, found no such file')
    try:
        content = torch.load(path, map_location='cpu', weights_only=True)
    except pickle.UnpicklingError as error:
        raise ConversionError(refusal(path, error)) from error
    except Exception as error:  # A damaged file fails in as many ways as it can.
        raise ConversionError(
            f'{path}: expected a checkpoint that torch can read, got '
            f'{type(error).__name__}: {str(error).partition(". ")[0]}'
        ) from error
    state = _state_dict(content, path)
    return _under_new_names(state, {key: key.removeprefix('module.') for key in state})


def _under_new_names(
    state: Mapping[str, Tensor], names: Mapping[str, str]
) -> Dict[str, Tensor]:
    """Rename weights; one must not hide another."""
    renamed: Dict[str, Tensor] = {}
    for key, name in names.items():
        if name in renamed:
            raise ConversionError(
                f'expected one entry for {name}, got a second one in {key!r}'
            )
        renamed[name] = state[key]
    return renamed


def _state_dict(content: Any, path: Path) -> Mapping[str, Tensor]:
    """The state dict in the content of a file, which must be one."""
    if isinstance(content, Mapping):
        for key in ('state_dict', 'best_state_dict', 'model', 'model_pos'):
            if isinstance(content.get(key), Mapping):
                content = content[key]
                break
    if not isinstance(content, Mapping):
        raise ConversionError(
            f'{path}: expected a state dict, got {type(content).__name__}'
        )
    if not content:
        raise ConversionError(f'{path}: expected a state dict, got an empty one')
    for key, value in content.items():
        if not isinstance(key, str):
            raise ConversionError(f'{path}: expected names of weights, got {key!r}')
        if not isinstance(value, Tensor) or value.layout != torch.strided:
            kind = value.layout if isinstance(value, Tensor) else type(value).__name__
            raise ConversionError(
                f'{path}: expected plain tensors only, got {kind} in entry {key!r}'
            )
    return content


def rename(
    state: Mapping[str, Tensor], table: Union[KeyTable, LifterKeys]
) -> Dict[str, Tensor]:
    """Give the weights our names.

    Raises:
        ConversionError: naming the entries that the table does not know.
    """
    renamed = table.rename(state)
    unknown = [key for key, ours in renamed.items() if ours is None]
    if unknown:
        raise ConversionError(
            f'{len(unknown)} entries that no model of the {table.origin} has, the '
            f'first: {", ".join(unknown[:5])}'
        )
    names = {key: ours for key, ours in renamed.items() if ours is not None}
    return _under_new_names(state, names)


@dataclass(frozen=True)
class Fit:
    """How well renamed weights fit a model.

    Attributes:
        state: the weights, in the model's own layout.
        problems: what does not fit; empty when they fit.
    """

    state: Dict[str, Tensor]
    problems: List[str]


def fit(renamed: Mapping[str, Tensor], model: nn.Module) -> Fit:
    """Bring renamed weights into the layout of ``model`` and compare.

    Args:
        renamed: weights under our names, in the released layout.
        model: a built model; one on the meta device will do.
    """
    expected = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    state = dict(renamed)
    problems = []
    # Lifters have no neck, whose encoding it could be.
    if POSITION not in expected and POSITION in state and hasattr(model, 'neck'):
        problems += _position_problems(state.pop(POSITION), model)
    if PATCH in state and PATCH in expected:
        state[PATCH] = _patch_weight(state[PATCH], expected[PATCH])
    for key, shape in expected.items():
        # A convolution over one frame, or one place, is a linear layer.
        if key in state and tuple(state[key].shape) == (*shape, 1):
            state[key] = state[key].squeeze(-1)
    missing = [key for key in expected if key not in state]
    unexpected = [key for key in state if key not in expected]
    if missing:
        problems.append(f'{len(missing)} missing in the file: {_some(missing)}')
    if unexpected:
        problems.append(f'{len(unexpected)} not in the model: {_some(unexpected)}')
    shapes = [
        f'{key} is {tuple(state[key].shape)} in the file, {shape} in the model'
        for key, shape in expected.items()
        if key in state and tuple(state[key].shape) != shape
    ]
    if shapes:
        problems.append(f'{len(shapes)} of another shape: {_some(shapes, "; ")}')
    useless = [key for key in expected if key in state and not _usable(state[key])]
    if useless:
        problems.append(
            f'{len(useless)} with values that are not finite or no real numbers: '
            f'{_some(useless)}'
        )
    return Fit({key: state[key] for key in expected if key in state}, problems)


def nearest(fits: Mapping[str, Fit]) -> str:
    """Why the config that comes nearest does not fit."""

    def agreeing(name: str) -> int:
        return len(fits[name].state) - len(fits[name].problems)

    name = max(fits, key=agreeing)
    what = f'does not fit {name}' if len(fits) == 1 else f'fits no config; {name} is '
    what += '' if len(fits) == 1 else 'nearest'
    return f'{what}: {"; ".join(fits[name].problems)}'


def _some(entries: List[str], separator: str = ', ') -> str:
    more = f' and {len(entries) - 3} more' if len(entries) > 3 else ''
    return separator.join(entries[:3]) + more


def _usable(value: Tensor) -> bool:
    """Weights are finite and of floating point; batch norm counts in whole numbers."""
    if value.ndim == 0:
        return not value.dtype.is_complex
    return value.is_floating_point() and bool(value.isfinite().all())


def _patch_weight(weight: Tensor, shape: Tuple[int, ...]) -> Tensor:
    """A linear layer over (row, column, channel) as a convolution."""
    dim, channels, rows, columns = shape
    if tuple(weight.shape) != (dim, rows * columns * channels):
        return weight
    weight = weight.reshape(dim, rows, columns, channels)
    return weight.permute(0, 3, 1, 2).contiguous()


def _position_problems(given: Tensor, model: nn.Module) -> List[str]:
    """A stored encoding must be the one that the model computes."""
    neck: Any = model.neck
    if neck.position is None:
        return ['the file has a position encoding, the model has none']
    channels = neck.keypoint_tokens.shape[-1]
    sine = sine_position_2d(neck.patch_embedding.grid, channels)
    if given.shape != sine.shape:
        return [
            f'the position encoding is {tuple(given.shape)} in the file, '
            f'{tuple(sine.shape)} in the model'
        ]
    difference = (given - sine).abs().max().item()
    if not difference < POSITION_TOLERANCE:
        return [
            'the position encoding of the file is not the 2-D sine (it differs by up '
            f'to {difference:.3g}); a learnt one needs model.neck.position=learnable'
        ]
    return []
