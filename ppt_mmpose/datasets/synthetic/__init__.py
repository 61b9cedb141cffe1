"""Drawn people: a maker of pictures whose labels are known exactly.

A scene in metres (:mod:`.scene`) holds dressed bodies (:mod:`.body`) in poses
(:mod:`.poses`), things and surroundings; a camera (:mod:`.camera`) looks at it;
:func:`.render.render` draws what it sees, and :mod:`.labels` says where the keypoints
are. Nothing in it knows how many cameras there are, or whether time passes.
"""

from .contact_sheet import contact_sheet
from .files import make_dataset, picture

__all__ = ['contact_sheet', 'make_dataset', 'picture']
