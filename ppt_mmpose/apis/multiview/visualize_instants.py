"""Figures of what a model of several views sees at the instants of a recording."""

from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple

from ...compat.safe_loading import named_refusal
from ...datasets.multiview_folder import MultiViewFolder, labelled_boxes
from ...visualization.figures import needed_records, write_figures
from ...visualization.instant_figures import draw_instant
from ...visualization.recording import find_token_estimator, fuses_views, record_tokens
from ..pose_2d import ImageEstimator
from .given_boxes import ViewBoxes
from .person_finder import PersonFinder
from .sources import Views, open_sources


def visualize_instants(
    source: str,
    config: str,
    weights: str,
    *,
    out_dir: str,
    figures: Sequence[str],
    keypoints: Optional[Sequence[str]] = None,
    keep_ratio: Optional[float] = None,
    det_model: Optional[str] = None,
    det_weights: Optional[str] = None,
    device: Optional[str] = None,
    instants: Optional[Sequence[str]] = None,
    view: Optional[str] = None,
) -> List[str]:
    """Draw what a model sees, as in the papers.

    Args:
        source: the folder of a recording, as `MultiViewFolder` reads it.
        config: a path of a config.
        weights: a checkpoint that fits the config.
        out_dir: where the figures go, into ``tokens`` as ``INSTANT_FIGURE.png``.
        figures: names, of `ppt_mmpose.visualization.FIGURES`.
        keypoints: see `ppt_mmpose.apis.visualize_tokens`.
        keep_ratio: see `ppt_mmpose.apis.visualize_tokens`.
        det_model: a detector of people; without one, the person is where the labels
            say, and fills the images where there are none.
        det_weights: its weights.
        device: such as ``cpu``; chosen by MMEngine when None.
        instants: names of those that are drawn; all when None.
        view: the camera whose keypoints look around in ``attention``; the first one
            that the instant has when None.

    Returns:
        Paths of the figures.

    Raises:
        ValueError: for an instant or a camera that the recording lacks, a model that
            takes each view alone, or a recording in which nobody was found.
    """
    folder = MultiViewFolder(source)
    if view is not None:
        folder.calibration.index(view)  # raises for a name that it lacks
    with named_refusal(weights):
        estimator = ImageEstimator(
            config, weights, device, det_model=det_model, det_weights=det_weights
        )
    model: Any = find_token_estimator(estimator.model)
    if not fuses_views(model):
        raise ValueError(
            f'source: expected images for {type(model).__name__}, which takes each '
            f'view alone, such as those of one camera in {folder.path}; got a '
            'recording of several'
        )
    if keep_ratio is not None:
        model.neck.set_keep_ratio(keep_ratio)
    boxes = None if estimator.detects else _labelled(folder)
    finder = PersonFinder(estimator, folder.calibration)
    written: List[str] = []
    for number, name, views in _chosen(folder, instants):
        where = None if boxes is None else boxes.of(number, name)
        images = [views[camera] for camera in folder.calibration.names]
        with record_tokens(model, **needed_records(figures)) as record:
            finder.find([name], [images], [where])
        if not record.passes:
            continue
        drawings = draw_instant(
            record.unflipped,
            figures,
            record.samples[0],
            view=view,
            view_names=folder.calibration.names,
            preprocessor=model.data_preprocessor,
            dataset_meta=model.dataset_meta,
            keypoints=keypoints,
        )
        written += write_figures(drawings, str(Path(out_dir) / 'tokens'), name)
    if not written:
        raise ValueError(f'{folder.path}: expected a person in a view, found nobody')
    return written


def _labelled(folder: MultiViewFolder) -> Optional[ViewBoxes]:
    if folder.videos or folder.keypoints_2d is None:
        return None
    boxes = labelled_boxes(folder.keypoints_2d, folder.calibration.names)
    return ViewBoxes(boxes, folder.calibration)


def _chosen(
    folder: MultiViewFolder, instants: Optional[Sequence[str]]
) -> Iterator[Tuple[int, str, Views]]:
    """Numbers, names and views of the instants that are wanted.

    Raises:
        ValueError: for one that the recording lacks.
    """
    wanted = set(folder.instants if instants is None else instants)
    for name in sorted(wanted.difference(folder.instants)):
        raise ValueError(
            f'instants: expected some of {folder.instants[0]} to '
            f'{folder.instants[-1]} in {folder.path}, got {name!r}'
        )
    for number, (name, views) in enumerate(open_sources(folder.path)):
        if name in wanted:
            yield number, name, views
            wanted.remove(name)
        if not wanted:
            return
