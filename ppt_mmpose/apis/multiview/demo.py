"""A recording from its views to files, with a progress bar: what the tool does."""

from pathlib import Path
from typing import Any, Mapping, Optional, Union

from tqdm import tqdm

from .inferencer import MultiViewPoseInferencer
from .outputs import Outputs
from .summary import Summary


def run_multiview(
    inferencer: MultiViewPoseInferencer,
    inputs: Any,
    out_dir: Union[str, Path],
    *,
    rate: Optional[float] = None,
    options: Optional[Mapping[str, Any]] = None,
    outputs: Optional[Mapping[str, Any]] = None,
    progress: bool = True,
) -> Summary:
    """Find the person in every instant, and write it.

    Args:
        inferencer: of 2D and 3D keypoints.
        inputs: the views, see `MultiViewPoseInferencer.open`.
        out_dir: for all files, see `Outputs`.
        rate: instants a second; that of the videos, or 30, when None.
        options: of `MultiViewRun.instants`.
        outputs: of `Outputs`.
        progress: show a bar.

    Returns:
        How well the views agreed.

    Raises:
        ValueError: see `MultiViewPoseInferencer.open` and `MultiViewRun.instants`; what
            was found before is written.
    """
    options = dict(options or {})
    run = inferencer.open(inputs, rate=rate)
    summary = Summary(run.recording)
    written = dict(outputs or {})
    if 'score_thr' in options:
        written.setdefault('threshold', options['score_thr'])
    bar = tqdm(total=run.views.length, unit='instant', disable=not progress)
    with bar, Outputs(out_dir, run, **written) as files:
        for instant, images in run.instants(**options):
            files.write(instant, images)
            summary.write(instant)
            bar.update()
    return summary
