"""What a built model did with its tokens, without touching the model for good.

Models store nothing to be looked at. Inside ``with record_tokens(model)``, hooks of
torch note what goes through the encoder; outside, there is none left.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ppt_mmpose.tokens import (
    EncoderOutput,
    KeypointAttention,
    PrunedEncoder,
    Pruning,
    TokenSequence,
)


@dataclass(frozen=True)
class TokenPass:
    """One run of a token model, on the CPU and without gradients.

    Attributes:
        images: ``(B, 3, height, width)``, as the backbone got them: normalised.
        flipped: whether it is the second run of a flip test, on mirrored images.
        grid: rows and columns of patches.
        keypoint_tokens: ``(J, C)``, the learnt tokens that enter the first block.
        prunings: one for each pruning; empty when nothing was pruned.
        attention: one for each block; empty when it was not asked for.
    """

    images: Tensor
    flipped: bool
    grid: Tuple[int, int]
    keypoint_tokens: Tensor
    prunings: Tuple[Pruning, ...]
    attention: Tuple[KeypointAttention, ...]


@dataclass
class TokenRecord:
    """What was recorded, in order.

    Attributes:
        passes: every run of the encoder.
        samples: what the estimator predicted, a list for each call.
    """

    passes: List[TokenPass] = field(default_factory=list)
    samples: List[Sequence[PoseDataSample]] = field(default_factory=list)

    @property
    def unflipped(self) -> TokenPass:
        """The first run on images as they are.

        Raises:
            ValueError: if nothing ran.
        """
        for one in self.passes:
            if not one.flipped:
                return one
        raise ValueError(
            'record: expected a run of the model, got none. (A model that '
            'torch.compile compiled before the recording does not run its hooks; '
            'record the model as it was.)'
        )


def find_token_estimator(model: nn.Module) -> nn.Module:
    """The estimator with a token neck in a model, through wrappers.

    Raises:
        ValueError: if there is none, or more than one.
    """
    # By neck: a compiled model lends the attributes of the one in it, which follows.
    found = {
        id(_neck(module)): module
        for module in model.modules()
        if isinstance(getattr(module, 'backbone', None), nn.Module)
        and isinstance(getattr(_neck(module), 'encoder', None), PrunedEncoder)
    }
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise ValueError(
            f'model: expected one estimator with tokens in {type(model).__name__}, '
            f'got {len(found)}; pass one of them'
        )
    inner: Any = getattr(model, 'module', model)
    parts = [getattr(inner, part, None) for part in ('backbone', 'neck', 'head')]
    names = ', '.join(type(part).__name__ for part in parts if part is not None)
    raise ValueError(
        'model: expected TokenPose or PPT, with a TokenPoseNeck; '
        f'{type(inner).__name__} ({names or "no backbone"}) has no tokens to draw'
    )


def _neck(module: nn.Module) -> Any:
    return getattr(module, 'neck', None)


@contextmanager
def record_tokens(
    model: nn.Module, *, attention: bool = True, limit: Optional[int] = None
) -> Iterator[TokenRecord]:
    """Record the runs of a model.

    Results, gradients and modes of the model are what they are without recording.

    Args:
        model: one with a token neck, wrapped or not.
        attention: record the keypoints' attention in every block, too.
        limit: record the first so many samples of a batch; all when None.

    Raises:
        ValueError: if the model has no tokens.
    """
    estimator: Any = find_token_estimator(model)
    recorder = _Recorder(estimator.neck, attention, limit)
    with ExitStack() as hooks:
        for handle in (
            estimator.backbone.register_forward_pre_hook(recorder.images),
            estimator.neck.encoder.register_forward_pre_hook(
                recorder.before, with_kwargs=True
            ),
            estimator.neck.encoder.register_forward_hook(recorder.after),
            estimator.register_forward_hook(recorder.result),
        ):
            hooks.callback(handle.remove)
        yield recorder.record


class _Recorder:
    def __init__(self, neck: Any, attention: bool, limit: Optional[int]) -> None:
        self.record = TokenRecord()
        self._grid = neck.patch_embedding.grid
        self._blocks = range(len(neck.encoder.blocks)) if attention else ()
        self._limit = limit
        self._images = torch.empty(0)
        self._tokens = torch.empty(0)

    def _part(self, tensor: Tensor) -> Tensor:
        return tensor[: self._limit].detach().cpu()

    def images(self, module: nn.Module, args: Tuple[Tensor, ...]) -> None:
        self._images = self._part(args[0])

    def before(
        self, module: nn.Module, args: Tuple[TokenSequence], kwargs: Dict[str, Any]
    ) -> Optional[Tuple[Tuple, Dict[str, Any]]]:
        self._tokens = args[0].keypoints[0].detach().cpu()
        if not self._blocks:
            return None
        return args, {**kwargs, 'attention_blocks': self._blocks}

    def after(self, module: nn.Module, args: object, out: EncoderOutput) -> None:
        part = self._part
        prunings = tuple(
            replace(one, scores=part(one.scores), source=part(one.source))
            for one in out.prunings
        )
        seen = tuple(
            replace(one, attention=part(one.attention), source=part(one.source))
            for one in out.attention
        )
        self.record.passes.append(
            TokenPass(
                self._images,
                self._is_flipped(),
                self._grid,
                self._tokens,
                prunings,
                seen,
            )
        )

    def _is_flipped(self) -> bool:
        if not self.record.passes:
            return False
        before = self.record.passes[-1]
        return not before.flipped and torch.equal(before.images.flip(-1), self._images)

    def result(self, module: nn.Module, args: object, out: object) -> None:
        if isinstance(out, list) and all(isinstance(x, PoseDataSample) for x in out):
            self.record.samples.append(out)
