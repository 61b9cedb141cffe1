import pytest
import torch

from ppt_mmpose.tokens import (
    FusionEncoder,
    PrunedEncoder,
    PruneSchedule,
    TokenSequence,
    build_blocks,
    join_views,
)

KEYPOINTS, PATCHES, DIM = 3, 8, 16


def sequence_of(samples, position=True):
    visual = torch.randn(samples, PATCHES, DIM)
    encoding = torch.randn(1, PATCHES, DIM) if position else None
    keypoints = torch.randn(samples, KEYPOINTS, DIM)
    return TokenSequence.begin(keypoints, visual, position=encoding)


def encoder_of(ratio=0.5, fused=2, prune_blocks=(1,)):
    blocks = build_blocks(4, DIM, num_heads=2)
    schedule = PruneSchedule(prune_blocks, ratio) if ratio < 1 else PruneSchedule()
    return FusionEncoder(blocks, fused=fused, schedule=schedule).eval()


def test_tokens_of_joined_views_keep_their_order_and_their_place():
    sequence = sequence_of(6).keep(torch.tensor([[5, 0, 2]]).expand(6, -1))
    joined = join_views(sequence, torch.tensor([[4, 1, 0], [2, 3, 5]]), patches=PATCHES)
    assert joined.tokens.shape == (2, 3 * (KEYPOINTS + 3), DIM)
    assert joined.num_keypoints == 9
    assert torch.equal(joined.keypoints[0, 3:6], sequence.keypoints[1])
    assert torch.equal(joined.visual[1, 6:], sequence.visual[5])
    assert joined.source[0].tolist() == [5, 0, 2, 13, 8, 10, 21, 16, 18]
    assert (joined.position[:, :9] == 0).all()
    assert torch.equal(joined.position[1, 9:12], sequence.position[2, KEYPOINTS:])
    assert joined.present is None


def test_nobody_looks_at_a_missing_view():
    sequence = sequence_of(5)
    places = torch.tensor([[0, 1, 2], [3, 4, -1]])
    joined = join_views(sequence, places, patches=PATCHES)
    there = torch.tensor([True] * 2 * KEYPOINTS + [False] * KEYPOINTS)
    assert torch.equal(joined.present[1, : 3 * KEYPOINTS], there)
    assert joined.present[0].all()
    assert joined.present[1].sum() == 2 * (KEYPOINTS + PATCHES)
    encoder = encoder_of(1.0)
    both = encoder.together(joined).stages[0]
    pair = join_views(sequence, places[1:, :2], patches=PATCHES)
    alone = encoder.together(pair).stages[0]
    torch.testing.assert_close(both[1, : 2 * KEYPOINTS], alone[0])


def test_nobody_looks_at_it_where_less_is_stored_either():
    sequence, found = sequence_of(2), []
    joined = join_views(sequence, torch.tensor([[0, 1, -1]]), patches=PATCHES)
    torch.manual_seed(0)
    blocks = build_blocks(4, DIM, num_heads=2)
    for with_cp in (False, True):
        encoder = FusionEncoder(blocks, fused=2, with_cp=with_cp).train()
        found.append(encoder.together(joined).stages[0])
    assert torch.equal(*found)


def test_an_instant_of_which_all_views_are_missing():
    places = torch.tensor([[0, 1], [-1, -1], [2, -1]])
    message = r'^places: expected one view of each .* got none of the instants \[1\]$'
    with pytest.raises(ValueError, match=message):
        join_views(sequence_of(3), places, patches=PATCHES)


def test_views_alone_go_through_the_first_blocks_as_ever():
    encoder = encoder_of()
    sequence = sequence_of(4)
    out = encoder.each_view(sequence)
    (pruning,) = out.prunings
    assert pruning.source.shape == (4, 4)
    whole = PrunedEncoder(encoder.blocks, schedule=encoder.schedule)
    expected = whole.blocks[0](sequence).add_position()
    expected, _ = whole.blocks[1].prune(expected, 4)
    torch.testing.assert_close(out.sequence.tokens, expected.tokens)


def test_in_the_fused_blocks_views_see_each_other():
    encoder = encoder_of()
    sequence = sequence_of(4)
    places = torch.tensor([[0, 1], [2, 3]])

    def keypoints(sequence):
        left = encoder.each_view(sequence).sequence
        return encoder.together(join_views(left, places, patches=PATCHES)).stages[0]

    before = keypoints(sequence)
    tokens = sequence.tokens.clone()
    tokens[1] = torch.randn_like(tokens[1])
    after = keypoints(sequence.with_tokens(tokens))
    moved = (before - after).abs().amax((1, 2))
    assert moved[0] > 1e-3
    assert moved[1] == 0
    assert (before - after)[0, :KEYPOINTS].abs().max() > 1e-4  # view 0 saw view 1


def test_the_position_is_added_before_every_fused_block():
    encoder = encoder_of(1.0)
    joined = join_views(sequence_of(2), torch.tensor([[0, 1]]), patches=PATCHES)
    first = encoder.blocks[2](joined.add_position())
    expected = encoder.blocks[3].keypoints_only(first.add_position())
    torch.testing.assert_close(encoder.together(joined).stages[0], expected)


def test_the_order_of_views_changes_nothing():
    encoder = encoder_of()
    left = encoder.each_view(sequence_of(3)).sequence
    forth = encoder.together(
        join_views(left, torch.tensor([[0, 1, 2]]), patches=PATCHES)
    ).stages[0]
    back = encoder.together(
        join_views(left, torch.tensor([[2, 1, 0]]), patches=PATCHES)
    ).stages[0]
    parts = back.unflatten(1, (3, KEYPOINTS)).flip(1).flatten(1, 2)
    torch.testing.assert_close(forth, parts, rtol=1e-4, atol=1e-5)


def test_attention_of_fused_blocks_spans_the_views():
    encoder = encoder_of()
    left = encoder.each_view(sequence_of(2), attention_blocks=[0])
    joined = join_views(left.sequence, torch.tensor([[0, 1]]), patches=PATCHES)
    out = encoder.together(joined, attention_blocks=[3])
    assert left.attention[0].attention.shape == (2, 3, 11)
    (seen,) = out.attention
    assert seen.attention.shape == (1, 6, 2 * (3 + 4))
    torch.testing.assert_close(seen.attention.sum(-1), torch.ones(1, 6))
    assert seen.source.max() >= PATCHES


@pytest.mark.parametrize('fused', [0, 4, 5])
def test_blocks_for_each_view_and_for_all(fused):
    with pytest.raises(ValueError, match=f'fused: expected 1 to 3 of 4 .* got {fused}'):
        encoder_of(1.0, fused)


def test_prunings_come_before_the_fusion():
    with pytest.raises(ValueError, match=r'expected blocks before 2, .* got \[2\]'):
        encoder_of(prune_blocks=(1, 2))
