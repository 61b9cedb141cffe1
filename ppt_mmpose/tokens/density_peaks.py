"""Which frames stand for the others: density peaks (HoT's token pruning cluster, TPC).

Rodriguez and Laio, *Clustering by fast search and find of density peaks*, 2014: a frame
is a peak if many frames are near it, and none that has more near it is near. HoT keeps
the frames that score highest and needs no clusters.

Two frames that are each other's nearest neighbour have the same density. The released
code adds random numbers to the density, at test time too, which decide between them and
change which frames are kept. Here the earlier of the two counts as the denser one.
"""

from typing import Optional

import torch
from torch import Tensor
from torch.nn import functional as F


def density_peak_scores(
    features: Tensor,
    *,
    neighbours: int = 2,
    noise: Optional[Tensor] = None,
    break_ties: bool = True,
) -> Tensor:
    """Density of each frame times its distance to the nearest denser one.

    Args:
        features: ``(B, T, C)``, one vector for each frame.
        neighbours: k; the frame itself, at distance 0, is one of them, as released.
        noise: ``(T,)`` or ``(B, T)``, added to the densities.
        break_ties: of equally dense frames, let the earlier one be the denser. Off,
            neither is.

    Returns:
        ``(B, T)``, in the precision of the features, at least float32. No gradient.

    Raises:
        ValueError: if ``neighbours`` is below 1.
    """
    if neighbours < 1:
        raise ValueError(f'neighbours: expected 1 or more, got {neighbours}')
    features = features.detach()
    features = features.to(torch.promote_types(features.dtype, torch.float32))
    distances = _distances(features) / features.shape[2] ** 0.5
    nearest = distances.topk(min(neighbours, features.shape[1]), largest=False).values
    density = (-nearest.square().mean(dim=2)).exp()
    if noise is not None:
        density = density + noise.to(density)
    delta = _to_the_nearest_denser(distances, density, break_ties)
    return delta * density


def _distances(features: Tensor) -> Tensor:
    """``(B, T, C)`` to ``(B, T, T)``, by differences.

    Through a product of matrices, distances of near frames would be mere rounding. Of
    what PyTorch has by differences, cdist takes 7 times as long as pdist.
    """
    batch, count, _ = features.shape
    pairs = torch.stack([F.pdist(sample) for sample in features])
    rows, columns = torch.triu_indices(count, count, 1, device=features.device)
    distances = features.new_zeros(batch, count, count)
    distances[:, rows, columns] = pairs
    return distances + distances.transpose(1, 2)


def _to_the_nearest_denser(
    distances: Tensor, density: Tensor, break_ties: bool
) -> Tensor:
    """``(B, T)``; where no frame is denser, the largest distance of the sample."""
    mine, other = density[:, :, None], density[:, None]
    denser = other > mine
    if break_ties:
        count = density.shape[1]
        earlier = torch.ones(count, count, dtype=torch.bool, device=density.device)
        denser = denser | ((other == mine) & earlier.tril(-1))
    largest = distances.amax(dim=(1, 2))[:, None, None]
    return torch.where(denser, distances, largest).amin(dim=2)
