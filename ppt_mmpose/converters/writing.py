"""Writing a checkpoint of plain tensors and plain metadata, in one step."""

import io
from pathlib import Path

import torch

from ppt_mmpose.engine import AtomicLocalBackend

from .engine import ConversionError


def check_target(source: str, target: str) -> None:
    """Refuse what cannot be written, before any work.

    Raises:
        ConversionError: if the target is the source, or a folder.
    """
    if Path(source).resolve() == Path(target).resolve():
        raise ConversionError(f'{target}: expected another file than the source')
    if Path(target).is_dir():
        raise ConversionError(f'{target}: expected a file to write, got a folder')


def write_checkpoint(content: dict, target: str) -> None:
    """Write a file that is whole or not there.

    Args:
        content: plain tensors and metadata.
        target: the file.

    Raises:
        ConversionError: if it cannot be written.
    """
    data = io.BytesIO()
    torch.save(content, data)
    try:
        AtomicLocalBackend().put(data.getvalue(), target)
    except OSError as error:
        raise ConversionError(f'{target}: cannot be written: {error}') from error
