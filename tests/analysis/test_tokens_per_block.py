"""What is told of the tokens is what the blocks get."""

import torch

from ppt_mmpose.analysis import BlockTokens, tokens_per_block
from ppt_mmpose.models import TokenPoseNeck


def made_neck():
    return TokenPoseNeck(
        3,
        (8, 6),
        patch_size=(2, 2),
        num_keypoints=2,
        dim=8,
        stages=(5,),
        num_heads=2,
        prune_blocks=(1, 3),
        keep_ratio=0.5,
    ).eval()


def test_by_hand():
    visual = [(12, 12), (12, 6), (6, 6), (6, 3), (3, 3)]
    assert tokens_per_block(made_neck()) == [BlockTokens(2, *pair) for pair in visual]


def test_follows_the_ratio():
    neck = made_neck()
    neck.set_keep_ratio(1)
    assert tokens_per_block(neck) == [BlockTokens(2, 12, 12)] * 5


def test_as_the_blocks_see_it():
    neck, seen = made_neck(), []
    for block in neck.encoder.blocks:
        for norm in (block.norm1, block.norm2):
            norm.register_forward_hook(lambda _, x, __: seen.append(x[0].shape[1]))
    neck([torch.randn(1, 3, 8, 6)])
    told = [(2 + t.before, 2 + t.after) for t in tokens_per_block(neck)]
    # In the last block only the keypoint tokens go on.
    told[-1] = (told[-1][0], 2)
    assert list(zip(seen[::2], seen[1::2])) == told
