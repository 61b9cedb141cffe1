"""A stand-in for mmcv's compiled operators, where mmcv came without them.

mmcv-lite holds the Python half of ``mmcv.ops`` but no ``mmcv._ext``, so importing
``mmpose.models`` or ``mmdet`` fails although keypoint models hardly need an op.
The stand-in lets them import. The ops that torchvision has too (nms, roi_align)
work; every other op raises when it is called.

Not needed where mmcv with ops is installed (any version); it can go when MMPose
imports ``mmcv.ops`` only where it uses it.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Callable

import torch
from torch import Tensor
from torchvision import ops

from ..hosts import INSTALL_OPS

AVERAGE = 1


def nms(boxes: Tensor, scores: Tensor, *, iou_threshold: float, offset: int) -> Tensor:
    """Indices of the boxes that stay, best first, as ``mmcv._ext.nms``.

    Args:
        boxes: ``(N, 4)``, x1, y1, x2, y2 in px.
        scores: ``(N,)``.
        iou_threshold: boxes that overlap a better one by more are dropped.
        offset: 1 where x2 and y2 are the last pixels inside the box, else 0.
    """
    # With an offset, a width is x2 - x1 + 1; moving x2 and y2 gives the same widths.
    grown = boxes + boxes.new_tensor([0, 0, offset, offset])
    return ops.nms(grown, scores, iou_threshold)


def roi_align_forward(
    input: Tensor,
    rois: Tensor,
    output: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Write features ``(regions, C, height, width)`` into ``output``."""
    if pool_mode != AVERAGE:
        _missing('roi_align with max pooling')()
    size = (aligned_height, aligned_width)
    output.copy_(
        ops.roi_align(input, rois, size, spatial_scale, sampling_ratio, aligned)
    )


def roi_align_backward(
    grad_output: Tensor,
    rois: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    grad_input: Tensor,
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Write the gradient ``(B, C, height, width)`` into ``grad_input``."""
    if pool_mode != AVERAGE:
        _missing('roi_align with max pooling')()
    grad_input.copy_(
        torch.ops.torchvision._roi_align_backward(
            grad_output,
            rois,
            spatial_scale,
            aligned_height,
            aligned_width,
            *grad_input.shape,
            sampling_ratio,
            aligned,
        )
    )


def _missing(name: str) -> Callable:
    def op(*args: object, **kwargs: object) -> None:
        raise RuntimeError(
            f'mmcv op {name!r} needs the compiled mmcv, and mmcv-lite is installed. '
            f'To get it: {INSTALL_OPS}'
        )

    return op


def stand_in() -> ModuleType:
    """The module that serves as ``mmcv._ext``."""
    module = ModuleType('mmcv._ext', __doc__)
    # MMEngine asks for the loader to learn whether ops are there: they are not.
    module.__spec__ = ModuleSpec('mmcv._ext', None)
    served = (nms, roi_align_forward, roi_align_backward)
    vars(module).update({op.__name__: op for op in served})

    def missing_op(name: str) -> Callable:
        if name.startswith('__'):
            raise AttributeError(name)
        return _missing(name)

    vars(module)['__getattr__'] = missing_op
    return module


def apply() -> None:
    """Install the stand-in, unless mmcv brought its own ops. Idempotent."""
    if 'mmcv._ext' in sys.modules or importlib.util.find_spec('mmcv') is None:
        return
    if importlib.util.find_spec('mmcv._ext') is None:
        sys.modules['mmcv._ext'] = stand_in()
