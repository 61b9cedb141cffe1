"""A fault, and what mends it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Something that does not work.

    Args:
        found: what was found, in one sentence.
        mend: the command that mends it.
        blocking: whether 2D pose estimation cannot work with it.
    """

    found: str
    mend: str
    blocking: bool = True
