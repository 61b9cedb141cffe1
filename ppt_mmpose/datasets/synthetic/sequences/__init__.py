"""Drawn people who move: 2D as a detector finds it, and the truth in 3D.

An action (:mod:`.actions`) is joint angles over time; a motion (:mod:`.motion`) sets a
body of some height on its feet, which carry it (:mod:`.travel`). A sequence
(:mod:`.sequence`) has a person, a motion and cameras; :mod:`.labels` makes arrays of
it, with the errors of a :mod:`.detector`, and :mod:`.files` writes them.
"""

from .actions import ACTIONS
from .detector import Detector
from .files import describe, make_sequences
from .sequence import Sequence, SequencePlan

__all__ = [
    'ACTIONS',
    'Detector',
    'Sequence',
    'SequencePlan',
    'describe',
    'make_sequences',
]
