"""A trained model, made fast without changing what it says.

Batch norms go into the convolutions before them, residuals add up in place, channels
are the last dimension in memory; weights take a lower precision and the way to the
heatmaps is compiled where that is asked for. The result is an MMPose estimator like the
one that was given. Any top-down estimator of MMPose will do, so that others can be
measured alike.
"""

import copy
from typing import Any, List, Optional, Tuple

import torch
from mmcv.cnn import fuse_conv_bn
from mmpose.models.pose_estimators import TopdownPoseEstimator
from torch import nn

from ppt_mmpose.models import MultiViewTokenPose, TokenPoseLifter

from .bottleneck import add_in_place
from .chunks import InChunks
from .compiled import Compiled
from .fused_views import FusedViews

DTYPES = (torch.float32, torch.bfloat16, torch.float16)

# So few images at once keep the feature maps of a thread in its core's cache. A batch
# that does not fit waits for memory: PPT-S took 1.2 times as long in one piece.
IMAGES_A_THREAD = 4


def optimize_for_inference(
    model: TopdownPoseEstimator,
    dtype: Optional[torch.dtype] = None,
    compile: bool = False,
    *,
    chunk_size: Optional[int] = None,
) -> TopdownPoseEstimator:
    """A copy of a pose estimator that is ready for inference, on the same device.

    It is for inference alone: keep the model that it was made from to save or train.

    In float32 the heatmaps differ by rounding alone (less than 1e-5 of the largest
    value). Heatmaps are float32 in every precision. ``set_keep_ratio`` of the neck
    still works; a compiled model is compiled again for every new ratio.

    Args:
        model: built, with its weights loaded.
        dtype: of weights and features, float32, bfloat16 or float16; as they are when
            None.
        compile: pass backbone and neck, and the head, through ``torch.compile``. It
            happens in the first forward pass, once for each size of a batch (or chunk)
            and keep ratio, and needs a C++ compiler on a CPU. Weights become constants:
            a change of them later has no effect.
        chunk_size: images that go through together, or instants where their views
            attend to each other; a larger batch goes in several turns. By default four
            for each thread on a CPU, and all of them elsewhere.

    Raises:
        ValueError: if the model is not a top-down estimator of MMPose or was made ready
            before, the dtype is another one, or the chunk size is no number of images.
    """
    if chunk_size is not None and not (isinstance(chunk_size, int) and chunk_size > 0):
        raise ValueError(f'chunk_size: expected 1 or more, got {chunk_size!r}')
    model = in_precision(model, dtype)
    model.made_ready = True
    fuse_conv_bn(model.backbone)
    add_in_place(model.backbone)
    model.eval().requires_grad_(False)
    for part in model.children():
        part.to(memory_format=torch.channels_last)
    on_cpu = next(model.parameters()).device.type == 'cpu'
    if chunk_size is None and on_cpu:
        chunk_size = IMAGES_A_THREAD * torch.get_num_threads()
    for owner, name in (*_parts(model), (model.head, 'forward')):
        function = getattr(owner, name)
        if compile:
            function = Compiled(function, on_cpu=on_cpu)
        if chunk_size is not None:
            function = InChunks(function, chunk_size)
        setattr(owner, name, function)
    return model


def _parts(model: Any) -> List[Tuple[Any, str]]:
    """Functions from a batch to what the head gets, by their owner and name."""
    if not isinstance(model, MultiViewTokenPose) or not model.neck.fuse:
        return [(model, 'extract_feat')]
    views = FusedViews(model)
    model.extract_views = views  # type: ignore[method-assign]
    return [(views, 'alone'), (views, 'together')]


def in_precision(
    model: TopdownPoseEstimator, dtype: Optional[torch.dtype] = None
) -> TopdownPoseEstimator:
    """A copy in evaluation mode and another precision, not otherwise changed.

    Args:
        model: built, with its weights loaded.
        dtype: of weights and features, float32, bfloat16 or float16; as they are when
            None.

    Raises:
        ValueError: if the model is not a top-down estimator of MMPose, or the dtype is
            another one.
    """
    if not isinstance(model, TopdownPoseEstimator):
        hint = ''
        if isinstance(model, TokenPoseLifter):
            hint = (
                '; lifters have nothing to fold, and run as they are, under '
                'torch.autocast or torch.compile where that is wanted'
            )
        raise ValueError(
            'model: expected a TopdownPoseEstimator of MMPose, got '
            f'{type(model).__name__}{hint}'
        )
    if getattr(model, 'made_ready', False):
        raise ValueError(
            'model: expected one as it was built, got one that optimize_for_inference '
            'has made ready already'
        )
    if dtype is not None and dtype not in DTYPES:
        raise ValueError(f'dtype: expected one of {DTYPES}, got {dtype}')
    model = copy.deepcopy(model).eval().requires_grad_(False)
    if dtype is not None:
        for part in (model.backbone, getattr(model, 'neck', None), model.head):
            # The preprocessor's mean and std belong to images, which are float32.
            if part is not None:
                part.to(dtype)
        model.backbone.register_forward_pre_hook(_Cast(dtype))
    return model


class _Cast:
    """Images in the precision of the weights."""

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype

    def __call__(self, module: nn.Module, inputs: Tuple[Any, ...]) -> Tuple[Any, ...]:
        images, *others = inputs
        return (images.to(self.dtype), *others)
