"""Figures of what a checkpoint sees, for images, a video or a recording."""

import mimetypes
from pathlib import Path
from typing import List, Optional, Sequence, Union

from ..compat.safe_loading import named_refusal
from ..visualization.figures import checked_figures
from ..visualization.recording import find_token_estimator
from .config_files import find_config
from .inferencers import TokenPoseInferencer
from .multiview.visualize_instants import visualize_instants


def visualize_tokens(
    source: str,
    config: str,
    weights: str,
    *,
    out_dir: str,
    figures: Union[bool, str, Sequence[str]] = True,
    keypoints: Optional[Sequence[str]] = None,
    keep_ratio: Optional[float] = None,
    det_model: str = 'whole_image',
    det_weights: Optional[str] = None,
    device: Optional[str] = None,
    instants: Optional[Sequence[str]] = None,
    view: Optional[str] = None,
) -> List[str]:
    """Draw what a model sees, as in the papers.

    Args:
        source: an image, a video, or a folder of images; for a model that takes
            several views together, the folder of a recording, as `MultiViewFolder`
            reads it.
        config: a path, or the name of one of our configs.
        weights: a checkpoint that fits the config.
        out_dir: where the figures go, into ``tokens``, and drawn predictions.
        figures: names as in :class:`TokenPoseInferencer`; True for all.
        keypoints: names of the keypoints in the attention maps and heatmaps; six when
            None.
        keep_ratio: part of the patches that stays at each pruning, (0, 1]; that of
            the config when None.
        det_model: config or name of a detector of people, as in MMPoseInferencer.
            Without one, the person is where the labels of a recording say, and fills
            the image where there are none.
        det_weights: its weights.
        device: such as ``cpu``; chosen by MMEngine when None.
        instants: names of those of a recording that are drawn; all when None.
        view: the camera of a recording whose keypoints look around in the attention
            maps; the first one when None.

    Returns:
        Paths of the figures.

    Raises:
        FileNotFoundError: if a file is missing, or a folder has no images.
        ValueError: if the source is none that the model can take, the model has no
            tokens, or a name or ratio is wrong.
    """
    names = checked_figures(figures)
    recording = _is_recording(source)
    inputs = source if recording else _inputs(source)
    if not Path(weights).is_file() and '://' not in weights:
        raise FileNotFoundError(f'weights: expected a checkpoint, found no {weights}')
    if recording:
        return visualize_instants(
            source,
            str(find_config(config)),
            weights,
            out_dir=out_dir,
            figures=names,
            keypoints=keypoints,
            keep_ratio=keep_ratio,
            det_model=None if det_model == 'whole_image' else det_model,
            det_weights=det_weights,
            device=device,
            instants=instants,
            view=view,
        )
    for name, value in dict(instants=instants, view=view).items():
        if value is not None:
            raise ValueError(
                f'{name}: has an effect on recordings of several views only, got '
                f'{value!r} with {source}'
            )
    with named_refusal(weights):
        run = TokenPoseInferencer(
            pose2d=str(find_config(config)),
            pose2d_weights=weights,
            det_model=det_model,
            det_weights=det_weights,
            det_cat_ids=0,
            device=device,
        )
    estimator = find_token_estimator(run.inferencer.model)
    if keep_ratio is not None:
        estimator.neck.set_keep_ratio(keep_ratio)  # type: ignore[union-attr, operator]
    results = run(inputs, out_dir=out_dir, draw_tokens=names, token_keypoints=keypoints)
    return [path for result in results for path in result['token_files']]


def _is_recording(source: str) -> bool:
    """Whether it is a folder with a calibration in it, see `MultiViewFolder`."""
    path = Path(source)
    return path.is_dir() and any(path.glob('[cC][aA][lL][iI][bB]*'))


def _inputs(source: str) -> Union[str, List[str]]:
    """What MMPose can read; its own listing of a folder stumbles over a README."""
    path = Path(source)
    if path.is_dir():
        images = [
            str(file) for file in sorted(path.iterdir()) if _kind(file) == 'image'
        ]
        if not images:
            raise FileNotFoundError(f'source: expected images, found none in {source}')
        return images
    if not path.is_file():
        raise FileNotFoundError(
            f'source: expected an image, video or folder, found no {source}'
        )
    if _kind(path) not in ('image', 'video'):
        raise ValueError(f'source: expected an image or a video, got {source}')
    return source


def _kind(path: Path) -> str:
    return (mimetypes.guess_type(path.name)[0] or '').partition('/')[0]
