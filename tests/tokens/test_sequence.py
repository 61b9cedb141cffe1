import pytest
import torch

from ppt_mmpose.tokens import TokenSequence, gather_tokens


@pytest.fixture
def sequence():
    keypoints = torch.full((1, 2, 4), -1.0)
    visual = torch.arange(2 * 5 * 4.0).reshape(2, 5, 4)
    position = torch.arange(5.0)[None, :, None].expand(1, 5, 4) * 100
    return TokenSequence.begin(keypoints, visual, position=position)


def test_begin_puts_keypoints_first(sequence):
    assert sequence.tokens.shape == (2, 7, 4)
    assert (sequence.keypoints == -1).all()
    assert sequence.num_visual == 5
    assert sequence.source.tolist() == [[0, 1, 2, 3, 4]] * 2


def test_position_reaches_visual_tokens_only(sequence):
    added = sequence.add_position()
    assert torch.equal(added.keypoints, sequence.keypoints)
    assert (added.visual - sequence.visual)[0, 3].tolist() == [300.0] * 4


def test_keep_moves_tokens_positions_and_sources_together(sequence):
    kept = torch.tensor([[4, 1], [0, 3]])
    pruned = sequence.keep(kept)
    assert pruned.source.tolist() == [[4, 1], [0, 3]]
    assert torch.equal(pruned.visual[1, 1], sequence.visual[1, 3])
    assert pruned.position[:, 2:, 0].tolist() == [[400, 100], [0, 300]]
    assert (pruned.position[:, :2] == 0).all()
    assert torch.equal(pruned.keypoints, sequence.keypoints)


def test_sources_are_traced_through_two_prunings(sequence):
    once = sequence.keep(torch.tensor([[4, 1, 2], [0, 3, 4]]))
    twice = once.keep(torch.tensor([[2, 0], [1, 2]]))
    assert twice.source.tolist() == [[2, 4], [3, 4]]
    assert torch.equal(twice.visual[0], sequence.visual[0, [2, 4]])


def test_gather_shares_one_position_among_samples():
    shared = torch.arange(3.0)[None, :, None]
    picked = gather_tokens(shared, torch.tensor([[2], [0]]))
    assert picked.flatten().tolist() == [2.0, 0.0]


def test_gradient_reaches_only_kept_tokens():
    visual = torch.ones(1, 3, 4, requires_grad=True)
    sequence = TokenSequence.begin(torch.zeros(1, 1, 4), visual)
    sequence.keep(torch.tensor([[2]])).visual.sum().backward()
    assert visual.grad[0, :, 0].tolist() == [0, 0, 1]


def test_misfits_are_named():
    with pytest.raises(ValueError, match='keypoints: expected 4 channels'):
        TokenSequence.begin(torch.zeros(1, 1, 3), torch.zeros(1, 2, 4))
    with pytest.raises(ValueError, match=r'position: expected \(1, 2, 4\)'):
        TokenSequence.begin(
            torch.zeros(1, 1, 4), torch.zeros(1, 2, 4), position=torch.zeros(1, 3, 4)
        )


def test_a_position_comes_on_top_of_the_one_that_is_there():
    keypoints, visual = torch.zeros(1, 1, 2), torch.zeros(1, 2, 2)
    position = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])
    more = torch.tensor([[[10.0, 20.0], [30.0, 40.0]]])
    sequence = TokenSequence.begin(keypoints, visual, position=position)
    both = sequence.with_more_position(more).add_position().tokens
    assert both.tolist() == [[[0, 0], [11, 22], [33, 44]]]
    alone = TokenSequence.begin(keypoints, visual).with_more_position(more)
    assert alone.add_position().visual.tolist() == more.tolist()
