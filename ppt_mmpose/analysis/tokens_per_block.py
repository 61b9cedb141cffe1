"""How many tokens every block of a model works on."""

from dataclasses import dataclass
from typing import List

from ppt_mmpose.models import TokenPoseNeck


@dataclass(frozen=True)
class BlockTokens:
    """Tokens of one block.

    Attributes:
        keypoints: J, keypoint tokens.
        before: N, visual tokens that come in, and that attention looks at.
        after: K, visual tokens that go on to the MLP; fewer than ``before`` where the
            block prunes.
    """

    keypoints: int
    before: int
    after: int


def tokens_per_block(neck: TokenPoseNeck) -> List[BlockTokens]:
    """Tokens of every block, at the keep ratio that the neck has now."""
    keypoints = neck.keypoint_tokens.shape[1]
    rows, columns = neck.patch_embedding.grid
    before = rows * columns
    counts = neck.encoder.schedule.counts(before)
    blocks = []
    for index in range(len(neck.encoder.blocks)):
        after = counts.get(index, before)
        blocks.append(BlockTokens(keypoints, before, after))
        before = after
    return blocks
