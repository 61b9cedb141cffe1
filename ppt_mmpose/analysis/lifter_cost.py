"""What lifters cost, which take a sequence of frames in place of an image.

The papers' FLOPs (HoT, tables 1 to 3; those of MixSTE and MotionBERT beside it) are
twice the multiply-adds of linear layers and convolutions of a whole sequence, without
attention products; all of them come out of this rule to the printed digit. They are of
the released structure, which computes all frames also where one is wanted, and projects
the queries of the recovering attention, which are the same for all joints and samples,
for each joint.
"""

from dataclasses import dataclass
from typing import Any, List, Optional, Tuple

import torch
from torch import Tensor

from ppt_mmpose.tokens import CrossAttention, RecoveringAttention

from .latency import Latency, measure_latency
from .lifter_subject import LifterSubject
from .multiply_adds import count_multiply_adds

# A multiply-add is two operations.
OPERATIONS = 2


@dataclass
class OutputCost:
    """Cost of one sequence by what is wanted of it, in single multiply-adds.

    Attributes:
        output: ``'all'`` frames that the model gives, or the ``'centre'`` one.
        frames: how many that are.
        real: see :data:`ppt_mmpose.analysis.conventions.LIFTER_CONVENTIONS`, as for
            the others.
        linear_and_convolution: part of ``real``.
        papers_flops: operations, not multiply-adds.
        latency: None where it was not measured.
    """

    output: str
    frames: int
    real: int
    linear_and_convolution: int
    papers_flops: int
    latency: Optional[Latency] = None


@dataclass
class LifterCost:
    """Cost of one lifter.

    Attributes:
        config: its name.
        sequence: T, J and channels of a joint of what goes in.
        parameters: numbers in all weights.
        trainable: of these, the ones that training changes.
        frames_of_blocks: how many frames each block sees.
        configured_output: the config's own, ``'all'`` or ``'centre'``.
        outputs: what it can be asked for.
    """

    config: str
    sequence: Tuple[int, int, int]
    parameters: int
    trainable: int
    frames_of_blocks: List[int]
    configured_output: str
    outputs: List[OutputCost]


def count_lifter(subject: LifterSubject) -> LifterCost:
    """All that can be counted, so without the latency."""
    parameters = list(subject.model.parameters())
    blueprint = subject.on(torch.device('meta'))
    # PyTorch's counter looks for the history of inputs of modules that want gradients,
    # such as learned queries, and has none.
    blueprint.model.requires_grad_(False)
    flops = papers_flops(blueprint)
    outputs = []
    for output in subject.outputs:
        run = blueprint.forward(output, blueprint.keypoints())
        counted = count_multiply_adds(run)
        outputs.append(
            OutputCost(
                output,
                subject.given_frames if output == 'all' else 1,
                counted.total,
                counted.linear_and_convolution,
                flops,
            )
        )
    return LifterCost(
        subject.config,
        subject.model.backbone.expected,
        sum(p.numel() for p in parameters),
        sum(p.numel() for p in parameters if p.requires_grad),
        frames_of_blocks(subject),
        subject.model.test_cfg.get('output', 'all'),
        outputs,
    )


def frames_of_blocks(subject: LifterSubject) -> List[int]:
    """How many frames each block sees; of MHFormer, each that refines hypotheses."""
    encoder = subject.model.backbone.encoder
    # The blocks before which frames can go.
    names = ('temporal', 'space_first', 'refinement')
    (depth,) = (len(getattr(encoder, name)) for name in names if hasattr(encoder, name))
    frames, hourglass = [subject.frames] * depth, encoder.hourglass
    if hourglass is not None:
        for block, count in zip(hourglass.blocks, hourglass.counts):
            frames[block:] = [count] * (depth - block)
    return frames


def papers_flops(blueprint: LifterSubject) -> int:
    """Cost of a sequence by the papers' rule, of the released structure.

    Args:
        blueprint: on the device ``meta``.
    """
    repeated: List[int] = []

    def repeat(attention: CrossAttention, given: Tuple[Tensor, ...], _: Any) -> None:
        queries, keys, _values = given
        # Made once for all joints here, and for each of them in the released code.
        once = queries[0].numel() * attention.query.out_features
        repeated.append((len(keys) - len(queries)) * once)

    hourglass = blueprint.model.backbone.hourglass
    recovery = None if hourglass is None else hourglass.recovery
    hooks = []
    if isinstance(recovery, RecoveringAttention):
        hooks.append(recovery.attention.register_forward_hook(repeat))
    try:
        counted = count_multiply_adds(blueprint.forward('all', blueprint.keypoints()))
    finally:
        for hook in hooks:
            hook.remove()
    return OPERATIONS * (counted.linear_and_convolution + sum(repeated))


def add_lifter_latency(
    subject: LifterSubject, cost: LifterCost, batch_size: int, repeats: int
) -> None:
    """Time each output of a lifter.

    Args:
        subject: on the device where it is timed.
        cost: gets the times.
        batch_size: sequences of a pass.
        repeats: passes that are timed.
    """
    keypoints = subject.keypoints(batch_size)
    latencies = measure_latency(
        [subject.forward(each.output, keypoints) for each in cost.outputs],
        repeats=repeats,
        device=keypoints.device,
    )
    for each, latency in zip(cost.outputs, latencies):
        each.latency = latency
