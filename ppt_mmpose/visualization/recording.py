"""What a built model did with its tokens, without touching the model for good.

Models store nothing to be looked at. Inside ``with record_tokens(model)``, hooks of
torch note what goes through the encoder; outside, there is none left. Necks that take
the views of an instant together do so in a method, for which torch has no hook: there
it is the method that is wrapped.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import (
    Any,
    Callable,
    Collection,
    Dict,
    Iterator,
    Optional,
    Tuple,
)

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ppt_mmpose.tokens import EncoderOutput, PrunedEncoder, TokenSequence

from .token_pass import TokenPass, TokenRecord


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


def fuses_views(estimator: nn.Module) -> bool:
    """Whether an estimator with tokens takes the views of an instant together."""
    return bool(getattr(_neck(estimator), 'fuse', False))


@contextmanager
def record_tokens(
    model: nn.Module,
    *,
    attention: bool = True,
    heatmaps: bool = False,
    limit: Optional[int] = None,
) -> Iterator[TokenRecord]:
    """Record the runs of a model.

    Results, gradients and modes of the model are what they are without recording.

    Args:
        model: one with a token neck, wrapped or not.
        attention: record the keypoints' attention in every block, too; where views are
            fused, in the fused ones.
        heatmaps: record the head's heatmaps, too, for which it runs once more.
        limit: record the first so many samples of a batch, or instants where views are
            fused; all when None.

    Raises:
        ValueError: if the model has no tokens.
    """
    estimator: Any = find_token_estimator(model)
    fused = fuses_views(estimator)
    recorder = _Recorder(
        estimator.neck, estimator.head if heatmaps else None, attention, fused, limit
    )
    encoder = estimator.neck.encoder
    with ExitStack() as hooks:
        handles = [
            estimator.backbone.register_forward_pre_hook(recorder.images),
            estimator.register_forward_hook(recorder.result),
        ]
        if fused:
            hooks.enter_context(_wrapped(estimator.neck, 'encode_views', recorder.run))
        else:
            handles += [
                encoder.register_forward_pre_hook(recorder.before, with_kwargs=True),
                encoder.register_forward_hook(recorder.after),
            ]
        for handle in handles:
            hooks.callback(handle.remove)
        yield recorder.record


@contextmanager
def _wrapped(owner: nn.Module, name: str, around: Callable) -> Iterator[None]:
    """A method of one object, inside ``around(method, ...)``."""
    there_before = vars(owner).get(name)
    setattr(owner, name, partial(around, getattr(owner, name)))
    try:
        yield
    finally:
        delattr(owner, name)
        if there_before is not None:
            setattr(owner, name, there_before)


class _Recorder:
    def __init__(
        self,
        neck: Any,
        head: Optional[nn.Module],
        attention: bool,
        fused: bool,
        limit: Optional[int],
    ) -> None:
        self.record = TokenRecord()
        self._neck = neck
        self._head = head
        first = neck.encoder.first_fused if fused else 0
        self._blocks = range(first, len(neck.encoder.blocks)) if attention else range(0)
        self._limit = limit
        self._images = torch.empty(0)
        self._asked_for: Collection[int] = ()

    def images(self, module: nn.Module, args: Tuple[Tensor, ...]) -> None:
        self._images = args[0].detach()

    def before(
        self, module: nn.Module, args: Tuple[TokenSequence], kwargs: Dict[str, Any]
    ) -> Optional[Tuple[Tuple, Dict[str, Any]]]:
        return args, {**kwargs, **self._more_blocks(**kwargs)}

    def after(
        self, module: nn.Module, args: object, out: EncoderOutput
    ) -> EncoderOutput:
        return self._noted(out, slice(self._limit), slice(self._limit))

    def run(
        self,
        encode_views: Callable[..., EncoderOutput],
        features: Tensor,
        rays: Optional[Tensor],
        places: Tensor,
        *,
        attention_blocks: Collection[int] = (),
    ) -> EncoderOutput:
        blocks = self._more_blocks(attention_blocks)
        out = encode_views(features, rays, places, **blocks)
        views = places[: self._limit].cpu()
        # Numbers of views stay what they are: only what comes after all is left out.
        return self._noted(
            out, slice(int(views.max()) + 1), slice(self._limit), views=views
        )

    def _more_blocks(
        self, attention_blocks: Collection[int] = (), **_: object
    ) -> Dict[str, Any]:
        self._asked_for = attention_blocks
        return dict(attention_blocks={*attention_blocks, *self._blocks})

    def _noted(
        self,
        out: EncoderOutput,
        samples: slice,
        seen: slice,
        views: Optional[Tensor] = None,
    ) -> EncoderOutput:
        """Note a run; what is left of it is what the model asked for."""

        def part(tensor: Tensor, which: slice = samples) -> Tensor:
            return tensor[which].detach().cpu()

        images = part(self._images)
        prunings = tuple(
            replace(one, scores=part(one.scores), source=part(one.source))
            for one in out.prunings
        )
        attention = tuple(
            replace(
                one, attention=part(one.attention, seen), source=part(one.source, seen)
            )
            for one in out.attention
            if one.block in self._blocks
        )
        heatmaps = None
        if self._head is not None:
            with torch.no_grad():
                heatmaps = part(self._head(self._neck.keypoint_features(out))).float()
        self.record.passes.append(
            TokenPass(
                images,
                self._is_flipped(images),
                self._neck.patch_embedding.grid,
                self._neck.keypoint_tokens[0].detach().cpu().clone(),
                prunings,
                attention,
                views,
                heatmaps,
            )
        )
        asked_for = [one for one in out.attention if one.block in self._asked_for]
        return replace(out, attention=tuple(asked_for))

    def _is_flipped(self, images: Tensor) -> bool:
        if not self.record.passes:
            return False
        before = self.record.passes[-1]
        return not before.flipped and torch.equal(before.images.flip(-1), images)

    def result(self, module: nn.Module, args: object, out: object) -> None:
        if isinstance(out, list) and all(isinstance(x, PoseDataSample) for x in out):
            self.record.samples.append(out)
