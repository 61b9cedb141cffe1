"""One real step of a training, and the ways to make it faster or smaller."""

import copy
import time
from dataclasses import dataclass
from typing import Any, Callable, List, Optional, Tuple

import torch
from mmengine.optim import OptimWrapper
from mmengine.structures import InstanceData, PixelData
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import OPTIM_WRAPPERS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.engine.optimizers import FusedAdam

from .stored_bytes import stored_bytes
from .subject import Subject, token_neck_of

# A rewriting of a model, such as that of the tests' textbook.
Rewrite = Callable[[TopdownPoseEstimator], TopdownPoseEstimator]
# Small enough that no number of steps runs away: what a step costs depends on shapes.
RATE = 1e-6


@dataclass
class TrainingStep:
    """A model, its optimiser and a batch, on one device.

    Attributes:
        model: the estimator or distiller, in training mode.
        compute: runs it; compiled where that was asked for.
        wrapper: its optimiser.
        images: ``(B, 3, height, width)``, normalised.
        samples: B of them, with target heatmaps.
    """

    model: TopdownPoseEstimator
    compute: Callable[..., Any]
    wrapper: OptimWrapper
    images: Tensor
    samples: List[PoseDataSample]

    def loss(self) -> Tensor:
        """Forward pass, with everything that a training computes of its result."""
        with self.wrapper.optim_context(self.model):
            losses = self.compute(self.images, self.samples, mode='loss')
        return self.model.parse_losses(losses)[0]

    def run(self) -> Tuple[float, float, float]:
        """A whole step.

        Returns:
            Time of the forward pass, the backward pass and the optimiser, in ms.
        """
        clock = _Clock(self.images.device)
        loss = self.wrapper.scale_loss(self.loss())
        clock.mark()
        self.wrapper.backward(loss)
        clock.mark()
        self.wrapper.step()
        self.wrapper.zero_grad()
        clock.mark()
        forward, backward, optimizer = clock.read()
        return forward, backward, optimizer

    def stored_bytes(self) -> int:
        """What is stored between the forward and the backward pass, in bytes."""
        return stored_bytes(self.loss, without=self.model.parameters())

    def peak_bytes(self) -> Optional[int]:
        """The most that a step takes over what is there before it, in bytes.

        None where torch does not count, as on a CPU.
        """
        device = self.images.device
        if device.type != 'cuda':
            return None
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        self.run()
        return torch.cuda.max_memory_allocated(device) - before


class _Clock:
    """Times between marks, without making an accelerator wait at each of them."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._marks: List[Any] = []
        if device.type == 'cuda':
            torch.cuda.synchronize(device)
        self.mark()

    def mark(self) -> None:
        if self._device.type == 'cuda':
            event = torch.cuda.Event(enable_timing=True)
            event.record(torch.cuda.current_stream(self._device))
            self._marks.append(event)
        else:
            self._marks.append(time.perf_counter())

    def read(self) -> List[float]:
        pairs = list(zip(self._marks, self._marks[1:]))
        if self._device.type == 'cuda':
            torch.cuda.synchronize(self._device)
            return [start.elapsed_time(end) for start, end in pairs]
        return [1000 * (end - start) for start, end in pairs]


def training_step(
    subject: Subject,
    way: str,
    *,
    batch_size: int,
    device: torch.device,
    textbook: Optional[Rewrite] = None,
) -> TrainingStep:
    """Make a training ready.

    Args:
        subject: the model; a copy of it is trained.
        way: ``plain``, or one or more of ``textbook``, ``amp``, ``bfloat16``,
            ``checkpointed`` and ``compiled``, with ``+`` between them.
        batch_size: B.
        device: where it is trained.
        textbook: gives a model's textbook version.

    Raises:
        ValueError: if the model does not learn from heatmaps, or the textbook does not
            have what the model has.
    """
    parts = set(way.split('+'))
    model = copy.deepcopy(subject.model)
    neck = token_neck_of(model)
    if 'checkpointed' in parts and neck is not None:
        neck.encoder.with_cp = True
    if 'textbook' in parts and textbook is not None:
        inner = getattr(model, 'student', model)
        if getattr(inner, 'attention_guide', None) is not None:
            path = 'model' if inner is model else 'model.student'
            raise ValueError(
                f'ways: the textbook has no attention guide, and {subject.config} has '
                f'one; expected {path}.attention_guide=None'
            )
        model = textbook(model)
    model = model.to(device).train()
    width, height = subject.input_size
    images = torch.randn(batch_size, 3, height, width, device=device)
    samples = _samples(subject, batch_size, device)
    kind = FusedAdam if 'textbook' not in parts else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=RATE)
    kind_of_wrapper = _wrapper_type(parts, device)
    wrapper = OPTIM_WRAPPERS.build(dict(type=kind_of_wrapper, optimizer=optimizer))
    if kind_of_wrapper == 'BFloat16OptimWrapper' and subject.token_neck is None:
        # MMPose's heads compute the accuracy in numpy, which has no bfloat16.
        model.train_cfg = dict(compute_acc=False)
    compute = torch.compile(model, dynamic=False) if 'compiled' in parts else model
    return TrainingStep(model, compute, wrapper, images, samples)


def _wrapper_type(parts: set, device: torch.device) -> str:
    if 'bfloat16' in parts or ('amp' in parts and device.type == 'cpu'):
        return 'BFloat16OptimWrapper'
    return 'AmpOptimWrapper' if 'amp' in parts else 'OptimWrapper'


def _samples(
    subject: Subject, batch_size: int, device: torch.device
) -> List[PoseDataSample]:
    """Targets of the shape that the model gives."""
    blueprint = subject.on(torch.device('meta'))
    heatmaps = blueprint.model(blueprint.images(), None, mode='tensor')
    if not isinstance(heatmaps, Tensor) or heatmaps.dim() != 4:
        raise ValueError(
            f'{subject.config}: expected a model that learns from heatmaps '
            f'(B, J, height, width), got one that gives {type(heatmaps).__name__}'
        )
    samples = []
    for _ in range(batch_size):
        sample = PoseDataSample()
        sample.gt_fields = PixelData(
            heatmaps=torch.rand(heatmaps.shape[1:], device=device)
        )
        weights = torch.ones(1, heatmaps.shape[1], device=device)
        sample.gt_instance_labels = InstanceData(keypoint_weights=weights)
        samples.append(sample)
    return samples
