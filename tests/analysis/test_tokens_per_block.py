"""What is told of the tokens is what the blocks get."""

import torch

from ppt_mmpose.analysis import BlockTokens, tokens_per_block
from ppt_mmpose.models import MultiViewTokenPoseNeck, TokenPoseNeck


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


def views_neck(**options):
    return MultiViewTokenPoseNeck(
        3,
        (8, 6),
        patch_size=(2, 2),
        num_keypoints=2,
        dim=8,
        stages=(5,),
        num_heads=2,
        prune_blocks=(1,),
        keep_ratio=0.5,
        **options,
    ).eval()


def test_several_views_by_hand():
    alone = [BlockTokens(2, *pair, 4) for pair in [(12, 12), (12, 6), (6, 6)]]
    neck = views_neck()
    fused = BlockTokens(8, 24, 24)
    assert tokens_per_block(neck, views=4) == [*alone, fused, fused]
    pairs = BlockTokens(4, 12, 12, 2)
    assert tokens_per_block(neck, views=4, together=(2, 2)) == [*alone, pairs, pairs]
    unfused = tokens_per_block(views_neck(fuse=False), views=4)
    assert unfused == [*alone, alone[-1], alone[-1]]


def test_as_blocks_of_several_views_see_it():
    neck, seen = views_neck(position_3d=False), []
    for block in neck.encoder.blocks:
        block.norm1.register_forward_hook(lambda _, x, __: seen.append(x[0].shape[:2]))
    neck.encode_views(torch.randn(6, 3, 8, 6), None, torch.arange(6).view(2, 3))
    told = tokens_per_block(neck, views=3)
    assert seen == [(2 * t.sequences, t.keypoints + t.before) for t in told]


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
