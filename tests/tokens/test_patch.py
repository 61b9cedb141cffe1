import pytest
import torch

from ppt_mmpose.tokens import PatchEmbedding, patch_grid


def test_equals_a_linear_layer_over_row_column_channel():
    embed = PatchEmbedding(3, 8, feature_size=(6, 4), patch_size=(3, 2))
    features = torch.randn(2, 3, 6, 4)
    # The released layout of a patch vector: channel varies fastest.
    weight = embed.projection.weight.permute(0, 2, 3, 1).reshape(8, -1)
    patch = features[1, :, 3:6, 2:4].permute(1, 2, 0).flatten()
    expected = weight @ patch + embed.projection.bias
    tokens = embed(features)
    assert tokens.shape == (2, 4, 8)
    assert torch.allclose(tokens[1, 3], expected, atol=1e-6)


@pytest.mark.parametrize('feature_size', [(64, 50), (2, 48)])
def test_patches_must_divide_the_feature_map(feature_size):
    with pytest.raises(ValueError, match='patch_size: expected .* that divides'):
        patch_grid(feature_size, (4, 3))


def test_another_input_size_is_refused():
    embed = PatchEmbedding(3, 8, feature_size=(6, 4), patch_size=(3, 2))
    with pytest.raises(ValueError, match=r'= \(3, 6, 4\), got \(3, 6, 6\)'):
        embed(torch.zeros(1, 3, 6, 6))
