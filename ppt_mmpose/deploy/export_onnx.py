"""A checkpoint to an ONNX file that was compared with PyTorch before it is there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from mmengine.config import Config
from mmpose.apis import init_model
from mmpose.models.pose_estimators import TopdownPoseEstimator
from numpy.typing import NDArray

from ppt_mmpose.apis.config_files import find_config, merge_options
from ppt_mmpose.apis.trained import expect_single_views
from ppt_mmpose.compat.safe_loading import check_readable, named_refusal
from ppt_mmpose.models import TokenPoseNeck

from .check_images import check_images
from .decoding import decoding_of
from .normalisation import Normalisation
from .onnx_graph import (
    DEFAULT_OPSET,
    PoseGraph,
    as_file,
    build_onnx,
    check_opset,
    require_exporter,
)
from .onnx_metadata import OnnxMetadata, metadata_of
from .onnx_session import OnnxPose, open_session
from .parity import Parity, check_parity


@dataclass(frozen=True)
class Export:
    """What was written.

    Attributes:
        file: its path.
        bytes: its size.
        metadata: what it says about itself.
        outputs: their names.
        parity: how it compares with PyTorch.
    """

    file: str
    bytes: int
    metadata: OnnxMetadata
    outputs: Tuple[str, ...]
    parity: Parity


def export_onnx(
    config: str,
    checkpoint: str,
    *,
    out: Optional[str] = None,
    opset: int = DEFAULT_OPSET,
    keep_ratio: Optional[float] = None,
    decode: bool = False,
    with_kept: bool = False,
    for_rtmlib: bool = False,
    images: Optional[Sequence[str]] = None,
    cfg_options: Optional[dict] = None,
) -> Export:
    """Export a model, compare it with PyTorch on images, and only then leave the file.

    Args:
        config: a path, or the name of one of our configs.
        checkpoint: weights that fit the config.
        out: the file; the checkpoint's name with ``.onnx``, in the current folder, when
            None.
        opset: of ONNX's own operators.
        keep_ratio: part of the patches that stays at each pruning, (0, 1]; that of the
            config when None. It is part of the graph.
        decode: give keypoints and scores instead of heatmaps.
        with_kept: give the kept patches of every pruning, too.
        for_rtmlib: take what rtmlib makes of a BGR image, which is to normalise its
            channels as if they were RGB.
        images: files and folders to compare on; drawn people when None.
        cfg_options: changes to the config, by dotted key.

    Raises:
        FileNotFoundError: if the config, the checkpoint or an image is missing.
        ImportError: if a package is missing.
        MisfitError: if the weights are another model's.
        ParityError: if the graph does not do what PyTorch does.
        ValueError: for a ratio, opset, codec or model that cannot be exported.
    """
    check_opset(opset)
    if decode and for_rtmlib:
        raise ValueError('decode: rtmlib decodes heatmaps itself; expected False')
    require_exporter()
    name, model, cfg = _load(config, checkpoint, keep_ratio, cfg_options)
    own = Normalisation.of_preprocessor(cfg.model.data_preprocessor)
    given = Normalisation.RTMLIB if for_rtmlib else own
    metadata = metadata_of(name, model, cfg, given=given, decoded=decode, opset=opset)
    decoding = decoding_of(model.head.decoder) if decode else None
    compared = check_images(model, cfg, images)

    graph = PoseGraph(model, decoding, given=given, expected=own)
    program = build_onnx(graph, metadata.input_size, opset=opset)
    outputs = _outputs(graph.output_names(), decode=decode, with_kept=with_kept)
    target = Path(out or f'{Path(checkpoint).stem}.onnx')
    if target.is_dir():
        raise ValueError(f'out: expected a file to write, got the folder {target}')
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place, and moved there when it has proved right.
    unfinished = target.with_name(f'{target.name}.part')
    try:
        unfinished.write_bytes(as_file(program, outputs, metadata.as_properties()))
        everything = as_file(program, graph.output_names(), {})
        inputs = given.apply(own.undo(compared.inputs.numpy()))
        parity = check_parity(model, compared, _run(everything, unfinished, inputs))
        size = unfinished.stat().st_size
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Export(str(target), size, metadata, tuple(outputs), parity)


def _outputs(names: List[str], *, decode: bool, with_kept: bool) -> List[str]:
    kept = [name for name in names if name.startswith('kept_')]
    results = ['keypoints', 'scores'] if decode else ['heatmaps']
    return results + kept if with_kept else results


def _load(
    config: str,
    checkpoint: str,
    keep_ratio: Optional[float],
    cfg_options: Optional[dict],
) -> Tuple[str, TopdownPoseEstimator, Config]:
    path = find_config(config)
    if not Path(checkpoint).is_file() and '://' not in checkpoint:
        raise FileNotFoundError(f'checkpoint: expected weights, found no {checkpoint}')
    check_readable(checkpoint)
    cfg = Config.fromfile(path)
    merge_options(cfg, cfg_options)
    if 'backbone' not in cfg.model:
        raise ValueError(
            f'{path.stem}: expected the config of a pose estimator, got that of a '
            f'{cfg.model.type}; of a distiller, tools/export_student.py gives the '
            'student as a file for a plain config'
        )
    with named_refusal(checkpoint):
        model = init_model(cfg, checkpoint, device='cpu')
    if not isinstance(getattr(model, 'neck', None), TokenPoseNeck):
        raise ValueError(
            f'{path.stem}: expected a model with a TokenPoseNeck, got '
            f'{type(model).__name__} without'
        )
    expect_single_views(path.stem, model)
    if keep_ratio is not None:
        model.neck.set_keep_ratio(keep_ratio)
    return path.stem, model, cfg


def _run(
    everything: bytes, file: Path, images: NDArray[np.float32]
) -> Dict[str, NDArray[Any]]:
    """All outputs: what the file gives, and the rest from its graph.

    The first image goes alone, because the batch must not matter.
    """
    threads = torch.get_num_threads()
    whole = open_session(everything, threads=threads)
    pose = OnnxPose(str(file), threads=threads)
    names = [output.name for output in whole.get_outputs()]
    parts: List[Dict[str, NDArray[Any]]] = []
    for batch in (images[:1], images[1:]):
        if len(batch):
            found = dict(zip(names, whole.run(None, {'input': batch})))
            parts.append(found | pose.run(batch))
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def export_report(export: Export) -> str:
    """What was written and how it compares, for people."""
    about, parity = export.metadata, export.parity
    width, height = about.input_size
    left_out = f', {parity.undetermined} left out' if parity.undetermined else ''
    return '\n'.join(
        (
            f'written:   {export.file} ({export.bytes / 1e6:.1f} MB)',
            f'model:     {about.config}, keep ratio {about.keep_ratio:g}',
            f'input:     input (batch, 3, {height}, {width}), {about.channel_order}, '
            f'mean {about.mean}, std {about.std}',
            f'outputs:   {", ".join(export.outputs)}',
            f'opset:     {about.opset}',
            f'compared with PyTorch on {parity.images} images:',
            f'kept sets: all {parity.kept_sets} equal',
            f'heatmaps:  differ by {parity.heatmaps:.1e} of the largest value',
            f'keypoints: differ by {parity.keypoints:.1e} px at most '
            f'({parity.compared} compared{left_out})',
        )
    )
