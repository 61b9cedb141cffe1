"""How much memory this process has."""

import os
from pathlib import Path


def resident_memory() -> float:
    """The memory that this process has now, MiB.

    Raises:
        ValueError: on systems that do not tell it as Linux does.
    """
    counts = Path('/proc/self/statm')
    if not counts.exists():
        raise ValueError(f'{counts}: expected the counts of Linux, got no such file')
    return int(counts.read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 2**20
