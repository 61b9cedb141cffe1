"""Cells and rows of tables of costs, as text."""

from typing import List, Optional

NOTHING = '-'


def aligned(rows: List[List[str]]) -> List[str]:
    """Rows of cells as lines, with columns below each other."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        '  '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
        for row in rows
    ]


def in_millions(count: int) -> str:
    """A number of weights."""
    return f'{count / 1e6:.2f} M'


def in_units(count: Optional[float], unit: int) -> str:
    """A count over the unit of its convention."""
    return NOTHING if count is None else f'{count / unit:.3f} G'
