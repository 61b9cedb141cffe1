"""All figures of one person, by name."""

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Union, cast

import cv2
import numpy as np
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from .attention_maps import draw_attention_maps, spread
from .constraints import as_markdown, strongest_constraints
from .crops import crop_image, draw_skeleton, enlarge
from .heatmaps import draw_heatmaps
from .kept_tokens import HEIGHT, draw_kept_tokens
from .keypoint_matrices import draw_inner_products, draw_keypoint_attention
from .token_pass import TokenPass

FIGURES = ('kept', 'heatmaps', 'attention', 'inner', 'keypoints', 'table')
# Which of them need the attention of every block, and which heatmaps.
OF_ATTENTION = frozenset(('attention', 'keypoints', 'table'))
OF_HEATMAPS = frozenset(('heatmaps',))
Drawing = Union[np.ndarray, str]


def checked_figures(figures: Union[bool, str, Sequence[str]]) -> List[str]:
    """Names of figures; all of them for True.

    Raises:
        ValueError: for a name that is none.
    """
    if figures is True:
        return list(FIGURES)
    names = [figures] if isinstance(figures, str) else list(figures or ())
    unknown = [name for name in names if name not in FIGURES]
    if unknown or not names:
        raise ValueError(
            f'figures: expected some of {", ".join(FIGURES)}, got {unknown or names}'
        )
    return names


def needed_records(figures: Sequence[str]) -> Dict[str, bool]:
    """What `record_tokens` has to record for figures."""
    return dict(
        attention=bool(OF_ATTENTION.intersection(figures)),
        heatmaps=bool(OF_HEATMAPS.intersection(figures)),
    )


def check_recorded(one: TokenPass, figures: Sequence[str], *, fused: bool) -> None:
    """Refuse a run in which there is not what figures need.

    Args:
        one: the run.
        figures: names, of `FIGURES`.
        fused: whether they are of several views that were taken together.

    Raises:
        ValueError: telling what is missing.
    """
    if fused and one.views is None:
        raise ValueError(
            'run: expected one of fused views, got one in which every image is alone; '
            'draw_figures draws these'
        )
    if not fused and one.views is not None:
        raise ValueError(
            'run: expected one in which every image is alone, got one of fused views; '
            'draw_instant draws these'
        )
    there = dict(attention=bool(one.attention), heatmaps=one.heatmaps is not None)
    for name, needed in needed_records(figures).items():
        if needed and not there[name]:
            raise ValueError(
                f'run: expected one recorded with {name}=True for the figures '
                f'{", ".join(figures)}, got one without'
            )


def keypoint_names(dataset_meta: Dict[str, Any], count: int) -> List[str]:
    """Names of the keypoints, or their numbers where the dataset has no names."""
    named = dataset_meta.get('keypoint_id2name') or {}
    return [named.get(index, str(index)) for index in range(count)]


def keypoint_numbers(
    wanted: Optional[Sequence[str]], names: Sequence[str]
) -> Sequence[int]:
    """Numbers of the keypoints to show; six spread over all of them for None.

    Raises:
        ValueError: for a name that is none.
    """
    if wanted is None:
        return spread(len(names))
    unknown = [name for name in wanted if name not in names]
    if unknown or not wanted:
        raise ValueError(
            f'keypoints: expected some of {", ".join(names)}, got {unknown or wanted}'
        )
    return [names.index(name) for name in wanted]


def draw_figures(
    one: TokenPass,
    figures: Sequence[str],
    *,
    sample: int = 0,
    preprocessor: Optional[nn.Module] = None,
    dataset_meta: Optional[Dict[str, Any]] = None,
    prediction: Optional[PoseDataSample] = None,
    keypoints: Optional[Sequence[str]] = None,
) -> Dict[str, Drawing]:
    """Draw one person of a recorded run.

    Args:
        one: the run, in which every image is alone; with attention and heatmaps, if
            figures are of these (`needed_records`).
        figures: names, of :data:`FIGURES`.
        sample: number of the person in its batch.
        preprocessor: the model's data_preprocessor, whose normalisation is undone.
        dataset_meta: names and colours of the keypoints, and links.
        prediction: what was predicted for this crop; drawn when given.
        keypoints: names of those in the attention maps and heatmaps; six of them when
            None.

    Returns:
        By figure: pictures ``(height, width, 3)``, uint8, RGB; the table as Markdown.

    Raises:
        ValueError: for a keypoint that there is not, a run of fused views, or one in
            which there is not what a figure needs.
    """
    check_recorded(one, figures, fused=False)
    meta = dataset_meta or {}
    names = keypoint_names(meta, len(one.keypoint_tokens))
    shown = keypoint_numbers(keypoints, names)
    crop = crop_image(one.images[sample], preprocessor)
    skeleton = None
    if prediction is not None:
        skeleton = draw_skeleton(enlarge(crop, HEIGHT), prediction, meta)
    over_crop: Dict[str, Any] = dict(sample=sample, skeleton=skeleton)
    draw: Dict[str, Callable[[], Drawing]] = dict(
        kept=lambda: draw_kept_tokens(crop, one.prunings, one.grid, **over_crop),
        heatmaps=lambda: draw_heatmaps(
            crop,
            cast(Tensor, one.heatmaps)[sample],
            keypoints=shown,
            names=names,
            skeleton=skeleton,
        ),
        attention=lambda: draw_attention_maps(
            crop, one.attention, one.grid, keypoints=shown, names=names, **over_crop
        ),
        inner=lambda: draw_inner_products(one.keypoint_tokens, names),
        keypoints=lambda: draw_keypoint_attention(one.attention, names, sample=sample),
        table=lambda: as_markdown(
            strongest_constraints(one.attention[-1], names, sample=sample)
        ),
    )
    return {name: draw[name]() for name in figures}


def write_figures(drawings: Dict[str, Drawing], folder: str, stem: str) -> List[str]:
    """Write ``STEM_FIGURE.png``, and the table as ``STEM_table.md``.

    Returns:
        Paths of the files.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    written = []
    for name, drawing in drawings.items():
        if isinstance(drawing, str):
            path = Path(folder) / f'{stem}_{name}.md'
            path.write_text(drawing)
        else:
            path = Path(folder) / f'{stem}_{name}.png'
            _, code = cv2.imencode('.png', drawing[..., ::-1])
            path.write_bytes(code.tobytes())
        written.append(str(path))
    return written
