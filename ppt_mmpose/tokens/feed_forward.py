"""What a block has beside its attention: the MLP, and what a training leaves out."""

from torch import Tensor, nn


class DropPath(nn.Module):
    """Leave a branch out, for some samples of a batch, while training.

    Huang et al., *Deep Networks with Stochastic Depth*, 2016. The branches that stay
    are scaled, so that the mean stays the same.

    Args:
        rate: how often, in [0, 1).

    Raises:
        ValueError: for another rate.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f'drop_path: expected a number in [0, 1), got {rate}')
        self.rate = rate

    def forward(self, branch: Tensor) -> Tensor:
        """``(B, ...)`` to the same."""
        if not self.rate or not self.training:
            return branch
        stays = branch.new_empty(len(branch), *(1 for _ in branch.shape[1:]))
        return branch * stays.bernoulli_(1 - self.rate) / (1 - self.rate)


def build_mlp(dim: int, hidden: int, *, dropout: float = 0) -> nn.Sequential:
    """Two linear layers with a GELU in between.

    Args:
        dim: C, of what comes in and goes out.
        hidden: channels in between.
        dropout: part of the channels that a training drops after either layer.
    """
    layers = [nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim)]
    if dropout:
        # Layers keep their names with and without it.
        layers[1] = nn.Sequential(layers[1], nn.Dropout(dropout))
        layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers)


def drop_path_rates(rate: float, depth: int) -> list:
    """From 0 in the first block to ``rate`` in the last, in even steps."""
    return [rate * block / max(depth - 1, 1) for block in range(depth)]
