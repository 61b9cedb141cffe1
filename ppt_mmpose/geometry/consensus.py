"""The views that agree on a point: the robust part of triangulation.

Pairs of views propose points, and the proposal wins that most views stand by, more
exactly that with the least sum of errors, each counted up to the threshold (MSAC, Torr
and Zisserman 2000). Up to seven views every pair proposes; of more, a fixed number of
pairs that are spread over the views, so that the work grows with the number of views
and not with its square. Nothing is drawn at random.
"""

from functools import lru_cache
from itertools import combinations
from typing import List, Tuple

import torch
from torch import Tensor

from .camera import MIN_DEPTH
from .observations import Observations

# All pairs of seven views.
MAX_PAIRS = 21
_GOLDEN = (5**0.5 - 1) / 2


def agreeing(observations: Observations, points: Tensor, threshold: Tensor) -> Tensor:
    """Views ``(G, V, n)``, bool, that see a point where it was seen.

    Args:
        observations: with what was seen.
        points: ``(G, 3, n)``, m.
        threshold: ``(G, V)``, px.
    """
    x, y, depth = observations.reproject(points)
    squared = (x - observations.x) ** 2 + (y - observations.y) ** 2
    near = squared <= threshold[..., None] ** 2
    return near & (depth > MIN_DEPTH) & observations.present


@torch.no_grad()
def best_proposal(
    observations: Observations, points: Tensor, threshold: Tensor
) -> Tensor:
    """The points ``(G, 3, n)``, m, that most views agree on.

    Args:
        observations: with what was seen.
        points: ``(G, 3, n)``, m, a proposal made otherwise.
        threshold: ``(G, V)``, px.
    """
    first, second = _pairs_of_present(observations)
    proposed = _between(observations, first, second)  # (G, 3, H, n)
    proposed = torch.cat([proposed, points[:, :, None]], dim=2)
    best = _truncated_cost(observations, proposed, threshold).argmin(1)
    index = best[:, None, None].expand(-1, 3, 1, -1)
    return proposed.gather(2, index)[:, :, 0]


def _truncated_cost(
    observations: Observations, proposed: Tensor, threshold: Tensor
) -> Tensor:
    """Costs ``(G, H, n)``, of proposals ``(G, 3, H, n)``."""
    # Which proposal is best does not hang on the sixth digit. The origin is moved among
    # the cameras, so that none of the digits goes to a far world.
    origin = observations.centres.mean(1, keepdim=True)  # (G, 1, 3, 1)
    rows, last = observations.matrix[..., :3], observations.matrix[..., 3:]
    last = last + rows @ origin
    shifted = (proposed - origin[:, 0, :, :, None]).float().flatten(2)
    seen = rows.float().flatten(1, 2) @ shifted
    seen = seen.unflatten(1, (-1, 3)) + last.float()
    x, y, depth = seen.unflatten(-1, proposed.shape[2:]).unbind(2)  # (G, V, H, n)
    behind = depth <= MIN_DEPTH
    # In thresholds, so that views of different resolution weigh the same.
    scale = threshold.reciprocal().float()[..., None]
    seen_x, seen_y = ((v * scale)[:, :, None] for v in (observations.x, observations.y))
    inverse = scale[..., None] / depth.clamp(min=MIN_DEPTH)
    cost = ((x * inverse).sub_(seen_x.float())).square_()
    cost += ((y * inverse).sub_(seen_y.float())).square_()
    cost = cost.masked_fill_(behind, 1).clamp_(max=1)
    return (cost * (observations.weights**2).float()[:, :, None]).sum(1)


def _between(observations: Observations, first: Tensor, second: Tensor) -> Tensor:
    """Midpoints ``(G, 3, H, n)`` of the rays of pairs of views ``(G, H, n)``."""
    inverse = torch.linalg.inv(observations.matrix[..., :3])
    flat = torch.stack(
        [observations.x, observations.y, torch.ones_like(observations.x)], dim=2
    )
    directions = inverse @ flat  # (G, V, 3, n)
    directions = directions / (directions**2).sum(2, keepdim=True).sqrt()
    centres = observations.centres.expand_as(directions)

    def of(views: Tensor, values: Tensor) -> Tensor:
        index = views[:, :, None].expand(-1, -1, 3, -1)
        return values.gather(1, index).transpose(1, 2)

    d1, d2 = of(first, directions), of(second, directions)
    c1, c2 = of(first, centres), of(second, centres)
    offset = c2 - c1
    cosine = (d1 * d2).sum(1, keepdim=True)
    a, b = (offset * d1).sum(1, keepdim=True), (offset * d2).sum(1, keepdim=True)
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
    """At most `MAX_PAIRS` pairs of view numbers, spread over the views."""
    if views < 2:
        return [(0, 0)]
    every = list(combinations(range(views), 2))
    if len(every) <= MAX_PAIRS:
        return every
    # Neighbours see too little difference, and opposite cameras look along one line.
    steps = sorted(range(1, (views + 1) // 2), key=lambda step: abs(step - views / 3))
    if views <= MAX_PAIRS:
        pairs = [(i, (i + step) % views) for step in steps for i in range(views)]
        return pairs[:MAX_PAIRS]
    # Views that are wrong may follow each other at any step: the first ones of the
    # pairs are taken by the golden ratio, which no step fits, and the steps differ.
    firsts = [int(number * _GOLDEN % 1 * views) for number in range(MAX_PAIRS)]
    return [(i, (i + steps[n % 5]) % views) for n, i in enumerate(firsts)]
