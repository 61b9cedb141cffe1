"""Boxes of people in a file."""

import json
from pathlib import Path
from typing import Any


def read_boxes(path: Path) -> Any:
    """What a JSON file of boxes holds.

    Raises:
        ValueError: if there is none, naming it.
    """
    if not path.is_file():
        raise ValueError(f'{path}: expected a JSON file of boxes, got no such file')
    try:
        return json.loads(path.read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(
            f'{path}: expected a JSON file of boxes, got {error}'
        ) from None
