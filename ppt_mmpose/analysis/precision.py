"""What a lower precision changes: who stays, and where the keypoints are."""

from dataclasses import asdict, dataclass
from typing import List, Optional, Sequence, Tuple

import torch
from mmengine.fileio import dump as write
from torch import Tensor

from ppt_mmpose.apis.trained import expect_single_views, load_trained, test_batches
from ppt_mmpose.deploy import optimize_for_inference
from ppt_mmpose.models import TopdownTokenPose

from .benchmark import DTYPES
from .latency import expect_at_least, usable_device


@dataclass(frozen=True)
class PrecisionChange:
    """How far a model in a lower precision is from itself in float32.

    Attributes:
        dtype: name of the precision.
        tokens: part of the kept tokens that float32 did not keep, for each pruning.
        same_sets: part of the images that end with the same tokens.
        median, high, worst: distance of a keypoint from its place in float32, in px of
            the model's input: median, 99th percentile and maximum.
        heatmap: largest difference of a heatmap, over the largest value.
    """

    dtype: str
    tokens: List[float]
    same_sets: float
    median: float
    high: float
    worst: float
    heatmap: float


def compare_precisions(
    config: str,
    checkpoint: str,
    *,
    dtypes: Sequence[str] = ('bfloat16', 'float16'),
    max_images: int = 200,
    device: str = 'cpu',
    cfg_options: Optional[dict] = None,
    out: Optional[str] = None,
) -> List[PrecisionChange]:
    """Run a checkpoint in several precisions on the test images of its config.

    Args:
        config: a path, or the name of one of our configs.
        checkpoint: weights that fit the config.
        dtypes: names of precisions.
        max_images: people to look at, the first of the test set.
        device: where it runs.
        cfg_options: changes to the config, by dotted key.
        out: JSON file for what came out.

    Raises:
        FileNotFoundError: if there is no such config or checkpoint.
        ValueError: for a precision or number that cannot be, or another kind of model,
            such as one that fuses views.
    """
    if not dtypes or any(dtype not in DTYPES for dtype in dtypes):
        raise ValueError(f'dtypes: expected some of {tuple(DTYPES)}, got {dtypes}')
    expect_at_least(max_images=(max_images, 1))
    place = usable_device(device)
    cfg, model = load_trained(config, checkpoint, cfg_options=cfg_options)
    expect_single_views(config, model)
    exact = optimize_for_inference(model.to(place))
    lower = [optimize_for_inference(model, DTYPES[dtype]) for dtype in dtypes]
    seen: List[List[_Outcome]] = [[] for _ in (exact, *lower)]
    count = 0
    for batch in test_batches(cfg):
        if count >= max_images:
            break
        images = exact.data_preprocessor(batch, False)['inputs'][: max_images - count]
        count += len(images)
        for each, outcomes in zip((exact, *lower), seen):
            outcomes.append(_run(each, images))
    before = _Outcome.joined(seen[0])
    found = [
        _change(dtype, before, _Outcome.joined(outcomes), exact)
        for dtype, outcomes in zip(dtypes, seen[1:])
    ]
    if out:
        write([asdict(change) for change in found], out, file_format='json', indent=2)
    return found


@dataclass(frozen=True)
class _Outcome:
    heatmaps: Tensor
    kept: Tuple[Tensor, ...]

    @classmethod
    def joined(cls, parts: Sequence['_Outcome']) -> '_Outcome':
        return cls(
            torch.cat([part.heatmaps for part in parts]),
            tuple(torch.cat(kept) for kept in zip(*(part.kept for part in parts))),
        )


def _run(model: TopdownTokenPose, images: Tensor) -> _Outcome:
    with torch.inference_mode():
        out = model.neck.encode(model.backbone(images)[-1])
        heatmaps = model.head(model.neck.keypoint_features(out))
    return _Outcome(
        heatmaps.cpu(), tuple(pruning.source.cpu() for pruning in out.prunings)
    )


def tokens_changed(found: Tensor, expected: Tensor) -> Tensor:
    """Which tokens are new.

    Args:
        found: ``(B, K)``, source indices of kept tokens, in any order.
        expected: ``(B, K)``, those that should have been kept.

    Returns:
        ``(B, K)``, bool, of the tokens in ``found``.
    """
    return ~(found[:, :, None] == expected[:, None]).any(dim=-1)


def _change(
    dtype: str,
    before: _Outcome,
    after: _Outcome,
    model: TopdownTokenPose,
) -> PrecisionChange:
    changed = [tokens_changed(*pair) for pair in zip(after.kept, before.kept)]
    last = changed[-1] if changed else torch.zeros(len(before.heatmaps), 1).bool()
    moved = _keypoints(after, model) - _keypoints(before, model)
    distances = moved.norm(dim=-1).flatten()
    difference = (after.heatmaps - before.heatmaps).abs().max()
    return PrecisionChange(
        dtype,
        tokens=[float(each.float().mean()) for each in changed],
        same_sets=float((~last.any(dim=1)).float().mean()),
        median=float(distances.quantile(0.5)),
        high=float(distances.quantile(0.99)),
        worst=float(distances.max()),
        heatmap=float(difference / before.heatmaps.abs().max()),
    )


def _keypoints(outcome: _Outcome, model: TopdownTokenPose) -> Tensor:
    """``(images, J, 2)``, in px of the input, as the codec decodes them."""
    decoded = [
        model.head.decoder.decode(maps.numpy())[0][0] for maps in outcome.heatmaps
    ]
    return torch.stack([torch.as_tensor(each) for each in decoded])


def precision_report(found: Sequence[PrecisionChange]) -> str:
    """A Markdown table."""
    rows = [
        '| precision | tokens changed at each pruning | images with the same tokens '
        '| keypoints moved, px: median, 99 %, most | heatmaps |',
        '|---' * 5 + '|',
    ]
    for each in found:
        tokens = ', '.join(f'{share:.2%}' for share in each.tokens) or 'no pruning'
        moved = f'{each.median:.3f}, {each.high:.3f}, {each.worst:.3f}'
        rows.append(
            f'| {each.dtype} | {tokens} | {each.same_sets:.0%} | {moved} '
            f'| {each.heatmap:.2%} |'
        )
    return '\n'.join(rows)
