"""All figures of one instant that several views saw together, by name."""

import re
from pathlib import PurePath
from typing import Any, Callable, Dict, List, Optional, Sequence, cast

from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from .constraints import as_markdown, strongest_constraints
from .crops import Image, crop_image, draw_skeleton, enlarge, places_on
from .figures import Drawing, check_recorded, keypoint_names, keypoint_numbers
from .fused_attention import draw_fused_attention, fused_attention, mark
from .heatmaps import heatmap_panels
from .kept_tokens import kept_panels
from .keypoint_matrices import draw_inner_products, draw_keypoint_attention
from .panels import Panel, grid_of_panels
from .token_pass import TokenPass

HEIGHT = 192


def draw_instant(
    one: TokenPass,
    figures: Sequence[str],
    samples: Sequence[PoseDataSample],
    *,
    instant: int = 0,
    view: Optional[str] = None,
    view_names: Sequence[str] = (),
    preprocessor: Optional[nn.Module] = None,
    dataset_meta: Optional[Dict[str, Any]] = None,
    keypoints: Optional[Sequence[str]] = None,
) -> Dict[str, Drawing]:
    """Draw one instant of a recorded run. A view that is missing has no column.

    Args:
        one: the run, with fused views; with attention and heatmaps, if figures are of
            these (`needed_records`).
        figures: names, of `FIGURES`.
        samples: those of the run's batch, which tell ``view_id``; with what was
            predicted, where it is to be drawn.
        instant: number of the instant in its batch.
        view: name of the one whose keypoints look around in ``attention``; the first
            one when None.
        view_names: by ``view_id``; without them they are ``view 0`` and so on.
        preprocessor: the model's data_preprocessor, whose normalisation is undone.
        dataset_meta: names and colours of the keypoints, and links.
        keypoints: names of those in attention maps and heatmaps; six of them when None.

    Returns:
        By figure: pictures ``(height, width, 3)``, uint8, RGB; the table as Markdown.

    Raises:
        ValueError: for a keypoint that there is not, a view that the instant lacks, or
            a run in which there is not what a figure needs.
    """
    check_recorded(one, figures, fused=True)
    drawn = _Instant(one, samples, instant, view_names, preprocessor, dataset_meta)
    shown = keypoint_numbers(keypoints, drawn.names)
    looking = drawn.number_of(view)
    draw: Dict[str, Callable[[], Drawing]] = dict(
        kept=drawn.kept,
        heatmaps=lambda: drawn.heatmaps(shown),
        attention=lambda: drawn.attention(shown, looking),
        inner=lambda: draw_inner_products(one.keypoint_tokens, drawn.names),
        keypoints=drawn.between_keypoints,
        table=drawn.table,
    )
    return {name: draw[name]() for name in figures}


def instant_name(sample: PoseDataSample) -> str:
    """What files of an instant are called: the last two parts of its ``group_id``."""
    parts = PurePath(str(sample.metainfo['group_id'])).parts[-2:]
    return re.sub(r'[^\w.-]+', '-', '_'.join(parts))


class _Instant:
    def __init__(
        self,
        one: TokenPass,
        samples: Sequence[PoseDataSample],
        instant: int,
        view_names: Sequence[str],
        preprocessor: Optional[nn.Module],
        dataset_meta: Optional[Dict[str, Any]],
    ) -> None:
        meta = dataset_meta or {}
        self.run = one
        self.instant = instant
        self.names = keypoint_names(meta, len(one.keypoint_tokens))
        places = cast(Tensor, one.views)[instant]
        self.numbers: List[int] = places[places >= 0].tolist()
        self.samples = [samples[number] for number in self.numbers]
        numbers = [sample.metainfo['view_id'] for sample in self.samples]
        self.views = [view_names[n] if view_names else f'view {n}' for n in numbers]
        self.crops = [
            enlarge(crop_image(one.images[number], preprocessor), HEIGHT)
            for number in self.numbers
        ]
        self.people = [
            draw_skeleton(crop, sample, meta) if 'pred_instances' in sample else crop
            for crop, sample in zip(self.crops, self.samples)
        ]

    def number_of(self, view: Optional[str]) -> int:
        if view is None:
            return 0
        if view not in self.views:
            name = instant_name(self.samples[0])
            raise ValueError(
                f'view: expected one of {", ".join(self.views)}, which instant '
                f'{name!r} has, got {view!r}'
            )
        return self.views.index(view)

    def kept(self) -> Image:
        columns = [
            kept_panels(crop, self.run.prunings, self.run.grid, sample=n, skeleton=who)
            for crop, who, n in zip(self.crops, self.people, self.numbers)
        ]
        return self._grid(columns)

    def heatmaps(self, shown: Sequence[int]) -> Image:
        heatmaps = cast(Tensor, self.run.heatmaps)[self.numbers]
        highest = heatmaps.flatten(2).amax((0, 2))
        columns = []
        for crop, person, of_view in zip(self.crops, self.people, heatmaps):
            panels = heatmap_panels(
                crop, of_view, keypoints=shown, names=self.names, highest=highest
            )
            columns.append([(person, 'prediction'), *panels])
        return self._grid(columns)

    def _grid(self, columns: Sequence[Sequence[Panel]]) -> Image:
        rows = [list(row) for row in zip(*columns)]
        rows[0] = [
            (picture, f'{view}: {caption}')
            for view, (picture, caption) in zip(self.views, rows[0])
        ]
        return grid_of_panels(rows)

    def attention(self, shown: Sequence[int], looking: int) -> Image:
        sample, person = self.samples[looking], self.people[looking]
        marked = None
        if 'pred_instances' in sample:
            places = places_on(person, sample)
            marked = [mark(person, tuple(places[keypoint])) for keypoint in shown]
        return draw_fused_attention(
            self.crops,
            fused_attention(self.run, self.instant)[-1],
            self.run.grid,
            view=looking,
            view_names=self.views,
            keypoints=shown,
            names=self.names,
            marked=marked,
        )

    def _all_names(self) -> List[str]:
        return [f'{view} {name}' for view in self.views for name in self.names]

    def between_keypoints(self) -> Image:
        blocks = fused_attention(self.run, self.instant)
        return draw_keypoint_attention(
            [block.between_keypoints for block in blocks],
            self._all_names(),
            of_a_view=len(self.names),
        )

    def table(self) -> str:
        last = fused_attention(self.run, self.instant)[-1]
        return as_markdown(
            strongest_constraints(last.between_keypoints, self._all_names())
        )
