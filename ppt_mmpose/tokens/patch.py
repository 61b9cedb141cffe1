"""Visual tokens: patches of a feature map, each projected to one token.

TokenPose, section 3.2. The released code flattens each patch as (row, column,
channel) and applies a linear layer. A strided convolution is the same sum with its
weights in another order, without a copy of the feature map.
"""

from typing import Tuple

from torch import Tensor, nn


def patch_grid(
    feature_size: Tuple[int, int], patch_size: Tuple[int, int]
) -> Tuple[int, int]:
    """Rows and columns of patches in a feature map.

    Args:
        feature_size: height and width of the feature map.
        patch_size: height and width of a patch, in cells of the feature map.

    Raises:
        ValueError: if the patches do not divide the feature map.
    """
    if any(p < 1 for p in patch_size):
        raise ValueError(f'patch_size: expected positive sizes, got {patch_size}')
    if any(f % p or f < p for f, p in zip(feature_size, patch_size)):
        raise ValueError(
            f'patch_size: expected (height, width) that divides the feature map '
            f'{tuple(feature_size)}, got {tuple(patch_size)}'
        )
    return feature_size[0] // patch_size[0], feature_size[1] // patch_size[1]


class PatchEmbedding(nn.Module):
    """Cut a feature map into patches and project each to a token.

    Args:
        in_channels: channels of the feature map.
        dim: C, channels of a token.
        feature_size: height and width of the feature map that is expected.
        patch_size: height and width of a patch, in cells of the feature map.

    Raises:
        ValueError: if the patches do not divide the feature map.
    """

    def __init__(
        self,
        in_channels: int,
        dim: int,
        *,
        feature_size: Tuple[int, int],
        patch_size: Tuple[int, int],
    ) -> None:
        super().__init__()
        self.feature_size = (feature_size[0], feature_size[1])
        self.grid = patch_grid(self.feature_size, patch_size)
        self.projection = nn.Conv2d(in_channels, dim, patch_size, stride=patch_size)

    def forward(self, features: Tensor) -> Tensor:
        """Project.

        Args:
            features: ``(B, in_channels, height, width)``.

        Returns:
            ``(B, N, C)``, row-major over the grid.

        Raises:
            ValueError: if the feature map has another size than was configured.
        """
        expected = (self.projection.in_channels, *self.feature_size)
        if tuple(features.shape[1:]) != expected:
            raise ValueError(
                'features: expected (channels, height, width) = '
                f'{expected}, got {tuple(features.shape[1:])}; the input size of '
                'the images and feature_size of the neck must belong together'
            )
        return self.projection(features).flatten(2).transpose(1, 2)
