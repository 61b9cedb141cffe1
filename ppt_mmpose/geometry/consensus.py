"""The views that agree on a point: the robust part of triangulation.

Pairs of views propose points, and the proposal wins that most views stand by, more
exactly that with the least sum of errors, each counted up to the threshold (MSAC, Torr
and Zisserman 2000). Up to seven views every pair proposes; of more, a fixed number of
pairs in which every view comes equally often, so that the work grows with the number of
views and not with its square. Nothing is drawn at random.
"""

from functools import lru_cache
from typing import List, Tuple

import torch
from torch import Tensor

from .camera import MIN_DEPTH
from .observations import Observations

MAX_PAIRS = 24


def agreeing(observations: Observations, points: Tensor, threshold: Tensor) -> Tensor:
    """Views ``(G, V, n)``, bool, that see a point where it was seen.

    Args:
        observations: with what was seen.
        points: ``(G, n, 3)``, m.
        threshold: ``(G, V)``, px.
    """
    difference, in_camera = observations.reproject(points)
    near = difference.norm(dim=-1) <= threshold[..., None]
    return near & (in_camera[..., 2] > MIN_DEPTH) & observations.present


@torch.no_grad()
def best_proposal(
    observations: Observations, points: Tensor, threshold: Tensor
) -> Tensor:
    """The points ``(G, n, 3)``, m, that most views agree on.

    Args:
        observations: with what was seen.
        points: ``(G, n, 3)``, m, a proposal made otherwise.
        threshold: ``(G, V)``, px.
    """
    first, second = _pairs_of_present(observations)
    proposed = _between(observations, first, second)  # (G, H, n, 3)
    proposed = torch.cat([proposed, points[:, None]], dim=1)
    groups, count, size, _ = proposed.shape
    cost = _truncated_cost(observations, proposed, threshold)
    best = cost.view(groups, count, size).argmin(1)
    index = best[:, None, :, None].expand(-1, 1, -1, 3)
    return proposed.gather(1, index)[:, 0]


def _truncated_cost(
    observations: Observations, proposed: Tensor, threshold: Tensor
) -> Tensor:
    """Costs ``(G, H, n)``, of proposals ``(G, H, n, 3)``."""
    cameras = observations.cameras
    # Which proposal is best does not hang on the eighth digit.
    centre = cameras.centres.mean(1)[:, None]
    shifted = (proposed.flatten(1, 2) - centre).float()
    rotation = cameras.rotation.float()
    moved = cameras.translation + (cameras.rotation @ centre.mT)[..., 0]
    in_camera = shifted[:, None] @ rotation.mT + moved.float()[..., None, :]
    x, y, z = in_camera.unflatten(2, proposed.shape[1:3]).unbind(-1)  # (G, V, H, n)
    ahead = z > MIN_DEPTH
    z = z.clamp(min=MIN_DEPTH)
    # In thresholds, so that views of different resolution weigh the same.
    scale = (cameras.focal / threshold[..., None]).float()[..., None, None]
    seen_x, seen_y = observations.flat.float()[:, :, None].unbind(-1)
    squares = ((x / z - seen_x) * scale[..., 0, :, :]) ** 2
    squares += ((y / z - seen_y) * scale[..., 1, :, :]) ** 2
    squares = torch.where(ahead, squares.clamp_(max=1), squares.new_ones(()))
    return (squares * (observations.weights**2).float()[:, :, None]).sum(1)


def _between(observations: Observations, first: Tensor, second: Tensor) -> Tensor:
    """Midpoints ``(G, H, n, 3)`` of the rays of pairs of views ``(G, H, n)``."""
    directions = observations.directions
    centres = observations.cameras.centres[:, :, None].expand_as(directions)

    def of(views: Tensor, values: Tensor) -> Tensor:
        return values.gather(1, views[..., None].expand(-1, -1, -1, 3))

    d1, d2 = of(first, directions), of(second, directions)
    c1, c2 = of(first, centres), of(second, centres)
    offset = c2 - c1
    cosine = (d1 * d2).sum(-1, keepdim=True)
    a, b = (offset * d1).sum(-1, keepdim=True), (offset * d2).sum(-1, keepdim=True)
    sine2 = (1 - cosine**2).clamp(min=1e-12)
    along1, along2 = (a - b * cosine) / sine2, (a * cosine - b) / sine2
    return (c1 + along1 * d1 + c2 + along2 * d2) / 2


def _pairs_of_present(observations: Observations) -> Tuple[Tensor, Tensor]:
    """Two views ``(G, H, n)`` of every pair, among those that saw the point."""
    present = observations.present
    order = (~present).byte().argsort(dim=1, stable=True)  # those that saw it first
    table = torch.tensor(_table(present.shape[1]), device=present.device)
    pairs = table[present.sum(1)]  # (G, n, H, 2)
    first, second = pairs.permute(3, 0, 2, 1).unbind(0)
    return order.gather(1, first), order.gather(1, second)


@lru_cache
def _table(views: int) -> List[List[Tuple[int, int]]]:
    """For every number of views up to this its pairs, the lists of one length."""
    rows = [_pairs(count) for count in range(views + 1)]
    longest = max(map(len, rows))
    return [row + [row[0]] * (longest - len(row)) for row in rows]


def _pairs(views: int) -> List[Tuple[int, int]]:
    """Pairs of view numbers, every view equally often; at most `MAX_PAIRS`."""
    if views < 2:
        return [(0, 0)]
    third = views / 3
    # Neighbours see too little difference, and opposite cameras look along one line.
    steps = sorted(range(1, views // 2 + 1), key=lambda step: abs(step - third))
    pairs = [
        (min(i, (i + step) % views), max(i, (i + step) % views))
        for step in steps
        for i in range(views)
    ]
    return list(dict.fromkeys(pairs))[: max(MAX_PAIRS, views)]
