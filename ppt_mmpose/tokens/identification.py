"""Human token identification: who stays (PPT, section 3.1).

A visual token is worth as much as the keypoint tokens look at it.
"""

import torch
from torch import Tensor


def human_token_scores(attention: Tensor) -> Tensor:
    """How much the keypoints look at each visual token.

    Args:
        attention: ``(B, H, J, J + N)``, the keypoint tokens' rows of the softmax
            attention over the whole sequence, before dropout.

    Returns:
        ``(B, N)``: mean over the heads, sum over the keypoints.
    """
    num_keypoints = attention.shape[2]
    return attention[..., num_keypoints:].mean(dim=1).sum(dim=1)


def keep_highest(scores: Tensor, count: int) -> Tensor:
    """Positions of the highest scores.

    Ties go to the token that comes first, on every device, so that a model in
    evaluation mode gives the same result twice.

    Args:
        scores: ``(B, N)``.
        count: K, in ``[1, N]``.

    Returns:
        ``(B, K)``, int64, in descending order of the score. No gradient.

    Raises:
        ValueError: if ``count`` is not in ``[1, N]``.
    """
    if not 1 <= count <= scores.shape[1]:
        raise ValueError(f'count: expected 1 to {scores.shape[1]}, got {count}')
    order = torch.sort(scores.detach(), dim=1, descending=True, stable=True).indices
    return order[:, :count]
