import pytest
import torch

from ppt_mmpose.tokens import (
    Hourglass,
    LinearRecovery,
    frame_sequence,
    uniform_scores,
)


def hourglass_of(**kwargs):
    arguments = dict(
        blocks=(1,), counts=(3,), scores=uniform_scores, recovery=None, position=False
    )
    return Hourglass(8, 9, **{**arguments, **kwargs})


def prune(hourglass, sequence, block=1, keypoints=None, chosen=None):
    if keypoints is None:
        keypoints = torch.zeros(2, 9, 4, 2)
    return hourglass.prune(
        sequence,
        block,
        keypoints=keypoints,
        features=lambda tokens: tokens.mean(dim=2),
        attention=lambda: None,
        chosen=chosen,
    )


def tokens_of(frames=9):
    return torch.randn(2, frames, 4, 8)


def test_frames_go_with_all_their_tokens():
    tokens = tokens_of()
    sequence, pruning = prune(hourglass_of(), frame_sequence(tokens))
    assert pruning.block == 1
    assert pruning.source.tolist() == [[1, 4, 7]] * 2
    assert torch.equal(sequence.tokens, tokens[:, [1, 4, 7]])
    assert torch.equal(sequence.source, pruning.source)


def test_a_second_pruning_traces_frames_to_the_first_sequence():
    hourglass = hourglass_of(blocks=(1, 2), counts=(6, 3))
    tokens = tokens_of()
    once, first = prune(hourglass, frame_sequence(tokens))
    twice, second = prune(hourglass, once, block=2)
    # Of 0, 2, 3, 5, 6, 8 those in the middle of pairs.
    assert first.source[0].tolist() == [0, 2, 3, 5, 6, 8]
    assert second.source[0].tolist() == [2, 5, 8]
    assert torch.equal(twice.tokens, tokens[:, second.source[0]])


def test_scores_see_the_keypoints_of_the_frames_that_are_there():
    looked = []

    def scores(seen, count):
        looked.append(seen.keypoints)
        return seen.keypoints[:, :, 0, 0]

    hourglass = hourglass_of(blocks=(1, 2), counts=(6, 3), scores=scores)
    keypoints = torch.rand(2, 9, 4, 2)
    once, first = prune(hourglass, frame_sequence(tokens_of()), keypoints=keypoints)
    _, second = prune(hourglass, once, block=2, keypoints=keypoints)
    for sample in range(2):
        assert torch.equal(looked[1][sample], keypoints[sample, first.source[sample]])
        best = keypoints[sample, :, 0, 0].topk(3).indices.sort().values
        assert torch.equal(second.source[sample], best)


def test_positions_are_added_after_each_pruning():
    hourglass = hourglass_of(blocks=(1, 2), counts=(6, 3), position=True)
    assert [tuple(p.shape) for p in hourglass.positions] == [(1, 6, 8), (1, 3, 8)]
    assert not any(p.any() for p in hourglass.positions)
    for position in hourglass.positions:
        torch.nn.init.normal_(position)
    tokens = tokens_of()
    once, first = prune(hourglass, frame_sequence(tokens))
    expected = tokens[:, first.source[0]] + hourglass.positions[0][:, :, None]
    assert torch.equal(once.tokens, expected)
    twice, _ = prune(hourglass, once, block=2)
    expected = once.tokens[:, [1, 3, 5]] + hourglass.positions[1][:, :, None]
    assert torch.equal(twice.tokens, expected)


def test_the_centre_stays_through_all_prunings():
    def first_frames(seen, count):
        frames = seen.features.shape[1]
        return -torch.arange(frames).expand(len(seen.features), -1).float()

    hourglass = hourglass_of(
        blocks=(1, 2), counts=(5, 2), scores=first_frames, keep_centre=True
    )
    once, first = prune(hourglass, frame_sequence(tokens_of()))
    assert first.source[0].tolist() == [0, 1, 2, 3, 4]
    _, second = prune(hourglass, once, block=2)
    assert second.source[0].tolist() == [0, 4]


def test_the_centre_is_that_of_the_sequence_that_is_given():
    def first_frames(seen, count):
        frames = seen.features.shape[1]
        return -torch.arange(frames).expand(len(seen.features), -1).float()

    hourglass = hourglass_of(scores=first_frames, keep_centre=True)
    for frames, kept in ((9, [0, 1, 4]), (7, [0, 1, 3]), (8, [0, 1, 4])):
        keypoints = torch.zeros(2, frames, 4, 2)
        sequence = frame_sequence(tokens_of(frames))
        _, pruning = prune(hourglass, sequence, keypoints=keypoints)
        assert pruning.source.tolist() == [kept] * 2


def test_even_frames_around_the_centre():
    hourglass = hourglass_of(blocks=(1, 2), counts=(6, 3), keep_centre=True)
    once, first = prune(hourglass, frame_sequence(tokens_of()))
    # Of 5 even ones, 0, 2, 4, 6 and 8, one would be the centre: 2.5 on either side.
    assert first.source[0].tolist() == [0, 2, 3, 4, 6, 8]
    _, second = prune(hourglass, once, block=2)
    # Of 6 frames the 2nd and the 5th, neither of which is the centre.
    assert second.source[0].tolist() == [2, 4, 6]


def test_short_sequences_keep_all_frames():
    hourglass = hourglass_of(position=True)
    for frames in (1, 2, 3):
        keypoints = torch.zeros(2, frames, 4, 2)
        sequence = frame_sequence(tokens_of(frames))
        pruned, pruning = prune(hourglass, sequence, keypoints=keypoints)
        assert pruning.source.tolist() == [list(range(frames))] * 2
        assert torch.equal(pruned.tokens, sequence.tokens)


def test_frames_can_be_those_of_another_pass():
    hourglass = hourglass_of(blocks=(1, 2), counts=(6, 3))
    chosen = [
        torch.tensor([[0, 1, 2, 3, 4, 8], [1, 2, 3, 4, 5, 6]]),
        torch.tensor([[0, 4, 8], [2, 3, 6]]),
    ]
    tokens = tokens_of()
    once, first = prune(hourglass, frame_sequence(tokens), chosen=chosen)
    twice, second = prune(hourglass, once, block=2, chosen=chosen)
    assert torch.equal(first.source, chosen[0])
    assert torch.equal(second.source, chosen[1])
    assert torch.equal(twice.tokens[1], tokens[1, [2, 3, 6]])
    assert second.scores is None


def test_recovery_gives_every_frame():
    hourglass = hourglass_of(recovery=LinearRecovery())
    pruned, _ = prune(hourglass, frame_sequence(tokens_of()))
    whole = hourglass.recover(pruned, 9)
    assert whole.tokens.shape == (2, 9, 4, 8)
    assert whole.source.tolist() == [list(range(9))] * 2
    assert hourglass_of().recover(pruned, 9) is pruned


def test_other_numbers_of_frames_with_the_same_weights():
    hourglass = hourglass_of(position=True)
    hourglass.set_kept_frames((2,))
    pruned, pruning = prune(hourglass, frame_sequence(tokens_of()))
    assert pruning.source.shape == (2, 2)
    assert pruned.tokens.shape == (2, 2, 4, 8)
    with pytest.raises(ValueError, match=r'at most \(3,\).*got \(4,\)'):
        hourglass.set_kept_frames((4,))
    free = hourglass_of()
    free.set_kept_frames((8,))
    assert free.counts == (8,)


@pytest.mark.parametrize('counts', [(9,), (0,), (3, 2), ()])
def test_numbers_of_frames_that_cannot_be(counts):
    with pytest.raises(ValueError, match='kept_frames: expected descending numbers'):
        hourglass_of(counts=counts)


def test_numbers_that_do_not_fall():
    with pytest.raises(ValueError, match='below 9 frames'):
        hourglass_of(blocks=(1, 2), counts=(3, 3))


@pytest.mark.parametrize('blocks', [(), (0,), (2, 1), (1, 1)])
def test_blocks_that_cannot_be(blocks):
    with pytest.raises(ValueError, match='prune_blocks: expected ascending'):
        hourglass_of(blocks=blocks, counts=tuple(range(8, 8 - len(blocks), -1)))
