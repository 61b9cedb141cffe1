"""Which groups of an annotation file are used, and which of their views."""

from typing import Dict, List, Optional, Sequence, Union

from ...evaluation.takes import SkippedTakes, Take
from .annotations import Place


class GroupSelection:
    """Takes are left out first, then incomplete groups, then all but every N-th.

    This is the released code's order, on which it depends which groups every N-th is.

    Args:
        cameras: numbers of the cameras whose views are used; without it, all.
        min_views: groups with fewer of these views are left out; without it, those
            that lack any.
        every: one of so many groups is used, from the first.
        skip_takes: of Human3.6M, ``(subject, action, subaction)`` of takes to leave
            out, or ``'damaged'`` for the three whose labels are wrong.

    Raises:
        ValueError: for an option out of its range.
    """

    def __init__(
        self,
        *,
        cameras: Optional[Sequence[int]] = None,
        min_views: Optional[int] = None,
        every: int = 1,
        skip_takes: Union[str, Sequence[Take]] = (),
    ) -> None:
        if cameras is not None and (not cameras or len(set(cameras)) < len(cameras)):
            raise ValueError(
                f'cameras: expected numbers of cameras, each once, got {cameras}'
            )
        most = None if cameras is None else len(cameras)
        if min_views is not None and not 1 <= min_views <= (most or min_views):
            raise ValueError(
                f'min_views: expected 1 to {most or "all"} views, got {min_views}'
            )
        if every < 1:
            raise ValueError(f'every: expected 1 or more groups, got {every}')
        self.cameras = cameras
        self.min_views = min_views
        self.every = every
        self.skip_takes = SkippedTakes(skip_takes)

    def __call__(self, places: Sequence[Place], where: str) -> List[List[int]]:
        """Choose groups.

        Args:
            places: of all entries of a file.
            where: begins messages.

        Returns:
            Of each group its entries, in the order of their cameras; groups in the
            order in which the file has their first entries.

        Raises:
            ValueError: for two entries of one view, a camera that no entry has, or if
                no group is left.
        """
        groups = self._groups(places, where)
        known = {view for views in groups.values() for view in views}
        cameras = sorted(known if self.cameras is None else self.cameras)
        unknown = [camera for camera in cameras if camera not in known]
        if unknown and groups:
            raise ValueError(
                f'{where}: cameras: expected some of {sorted(known)}, got {unknown}'
            )
        least = len(cameras) if self.min_views is None else self.min_views
        chosen = [
            [views[camera] for camera in cameras if camera in views]
            for views in groups.values()
        ]
        complete = [group for group in chosen if len(group) >= max(least, 1)]
        if not complete:
            raise ValueError(
                f'{where}: expected at least one group with {least} views of the '
                f'cameras {cameras}, got none of {len(groups)} groups; min_views '
                'allows groups with fewer views'
            )
        return complete[:: self.every]

    def _groups(self, places: Sequence[Place], where: str) -> Dict[str, Dict[int, int]]:
        groups: Dict[str, Dict[int, int]] = {}
        for index, place in enumerate(places):
            if self._skips(place):
                continue
            views = groups.setdefault(place.group, {})
            if place.view in views:
                raise ValueError(
                    f'{where}: group {place.group!r}: expected one entry of camera '
                    f'{place.view}, got the entries {views[place.view]} and {index}'
                )
            views[place.view] = index
        return groups

    def _skips(self, place: Place) -> bool:
        names = ('subject', 'action', 'subaction')
        return bool(self.skip_takes) and self.skip_takes.has(
            dict(zip(names, place.take))
        )
