"""How many tokens every block of a model works on."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

from ppt_mmpose.models import MultiViewTokenPoseNeck, TokenPoseNeck


@dataclass(frozen=True)
class BlockTokens:
    """Tokens of one block.

    In a block that sees several views together, they are those of all these views.

    Attributes:
        keypoints: J, keypoint tokens.
        before: N, visual tokens that come in, and that attention looks at.
        after: K, visual tokens that go on to the MLP; fewer than ``before`` where the
            block prunes.
        sequences: how many sequences of so many tokens an instant makes.
    """

    keypoints: int
    before: int
    after: int
    sequences: int = 1


def fuses_views(neck: object) -> bool:
    """Whether views see each other in the last blocks of a neck."""
    return isinstance(neck, MultiViewTokenPoseNeck) and neck.fuse


def tokens_per_block(
    neck: TokenPoseNeck, *, views: int = 1, together: Optional[Tuple[int, int]] = None
) -> List[BlockTokens]:
    """Tokens of every block, at the keep ratio that the neck has now.

    Args:
        neck: of one view or several.
        views: V, of an instant.
        together: of a neck that fuses views: how many sets of them an instant makes,
            and how many views a set has; one of all views when None.
    """
    sets, size = together or (1, views)
    first_fused = len(neck.encoder.blocks)
    if isinstance(neck, MultiViewTokenPoseNeck) and neck.fuse:
        first_fused = neck.encoder.first_fused
    keypoints = neck.keypoint_tokens.shape[1]
    rows, columns = neck.patch_embedding.grid
    before = rows * columns
    counts = neck.encoder.schedule.counts(before)
    blocks = []
    for index in range(len(neck.encoder.blocks)):
        after = counts.get(index, before)
        if index < first_fused:
            blocks.append(BlockTokens(keypoints, before, after, views))
        else:
            tokens = size * keypoints, size * before, size * after
            blocks.append(BlockTokens(*tokens, sets))
        before = after
    return blocks
