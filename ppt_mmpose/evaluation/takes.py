"""Takes of a dataset that an evaluation leaves out."""

from typing import Any, Mapping, Sequence, Set, Tuple, Union

import numpy as np

Take = Tuple[int, int, int]
# Human3.6M: (subject, action, subaction) of which the 3D labels are wrong, by the
# numbers of its file names.
DAMAGED: Tuple[Take, ...] = ((9, 5, 2), (9, 10, 2), (9, 13, 1))
_KEYS = ('subject', 'action', 'subaction')


class SkippedTakes:
    """Which samples are of takes that are left out.

    Args:
        takes: ``(subject, action, subaction)`` of each, or ``'damaged'`` for the three
            of Human3.6M whose labels are wrong.

    Raises:
        ValueError: for another word.
    """

    def __init__(self, takes: Union[str, Sequence[Take]] = ()) -> None:
        if isinstance(takes, str) and takes != 'damaged':
            raise ValueError(
                "skip_takes: expected 'damaged' or a list of (subject, action, "
                f'subaction), got {takes!r}'
            )
        given = DAMAGED if isinstance(takes, str) else takes
        self._takes: Set[Tuple[Any, ...]] = {tuple(take) for take in given}

    def __bool__(self) -> bool:
        return bool(self._takes)

    def has(self, sample: Mapping[str, Any]) -> bool:
        """Whether a data sample is of such a take.

        Raises:
            ValueError: if there are any, and the sample does not tell its own.
        """
        if not self._takes:
            return False
        missing = [key for key in _KEYS if key not in sample]
        if missing:
            raise ValueError(
                f'skip_takes: expected {", ".join(_KEYS)} in each data sample, got no '
                f'{", ".join(missing)}'
            )
        take = tuple(sample[key] for key in _KEYS)
        if not all(isinstance(number, (int, np.integer)) for number in take):
            raise ValueError(
                f'skip_takes: expected whole numbers for {", ".join(_KEYS)}, got {take}'
            )
        return take in self._takes
