"""Whether a set of pictures was drawn before."""

import contextlib
import json
from pathlib import Path
from typing import Any, Dict, Optional


def holds(path: Path, info: Dict[str, Any]) -> bool:
    """Whether a set has its labels already.

    Args:
        path: of COCO's json, which may be missing.
        info: all that decides what is drawn, as json has it; the field ``info`` of the
            labels.

    Raises:
        ValueError: if there are labels, and those of another set.
    """
    if not path.exists():
        return False
    found: Optional[Dict[str, Any]] = None
    with contextlib.suppress(ValueError, AttributeError):  # not labels at all
        found = json.loads(path.read_text()).get('info')
    if found == info:
        return True
    raise ValueError(
        f'{path}: expected the labels of {info}, got those of {found}; remove the '
        'folder, or name another one'
    )
