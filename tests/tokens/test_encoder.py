import pytest
import torch
from mmengine.utils import digit_version

from ppt_mmpose.tokens import (
    Block,
    PrunedEncoder,
    PruneSchedule,
    TokenSequence,
    build_blocks,
    sine_position_2d,
)

DIM = 8


def sequence_of(visual=16):
    torch.manual_seed(1)
    return TokenSequence.begin(
        torch.randn(1, 3, DIM),
        torch.randn(2, visual, DIM),
        position=sine_position_2d((4, 4), DIM),
    )


def encoder_of(depth=4, **options):
    torch.manual_seed(0)
    return PrunedEncoder(build_blocks(depth, DIM, num_heads=2), **options)


def plain(encoder, sequence, without_position=(0,)):
    """Every block for every token, nothing pruned or left out."""
    outputs = []
    for index, block in enumerate(encoder.blocks):
        if index not in without_position:
            sequence = sequence.add_position()
        sequence = block(sequence)
        outputs.append(sequence.keypoints)
    return outputs


def test_dense_equals_plain_blocks():
    encoder, sequence = encoder_of(), sequence_of()
    out = encoder(sequence)
    assert torch.allclose(out.stages[0], plain(encoder, sequence)[-1], atol=1e-6)
    assert out.prunings == ()
    assert out.sequence is None


def test_stages_skip_the_position_at_their_start():
    encoder, sequence = encoder_of(stages=(1, 3)), sequence_of()
    expected = plain(encoder, sequence, without_position=(0, 1))
    first, last = encoder(sequence).stages
    assert torch.allclose(first, expected[0], atol=1e-6)
    assert torch.allclose(last, expected[3], atol=1e-6)


def test_stages_of_one_transformer_do_not():
    encoder = encoder_of(stages=(1, 3), position_at_stage_start=True)
    sequence = sequence_of()
    assert torch.allclose(
        encoder(sequence).stages[1], plain(encoder, sequence)[3], atol=1e-6
    )


def test_prunings_shrink_and_are_traced():
    encoder = encoder_of(schedule=PruneSchedule((1, 2), 0.5))
    out = encoder(sequence_of(), keypoints_only=False)
    assert [p.block for p in out.prunings] == [1, 2]
    assert [p.scores.shape for p in out.prunings] == [(2, 16), (2, 8)]
    assert [p.source.shape for p in out.prunings] == [(2, 8), (2, 4)]
    for first, second in zip(*(p.source.tolist() for p in out.prunings)):
        assert set(second) < set(first)
    assert out.sequence.source.shape == (2, 4)


def test_keypoints_only_changes_nothing_for_them():
    encoder = encoder_of(schedule=PruneSchedule((1,), 0.5))
    sequence = sequence_of()
    lean = encoder(sequence).stages[0]
    whole = encoder(sequence, keypoints_only=False).stages[0]
    assert torch.allclose(lean, whole, atol=1e-6)


def test_attention_of_blocks_that_are_asked_for_traces_its_columns():
    encoder = encoder_of(schedule=PruneSchedule((1, 2), 0.5))
    plain_out = encoder(sequence_of())
    out = encoder(sequence_of(), attention_blocks=range(4))
    assert plain_out.attention == ()
    assert torch.equal(out.stages[0], plain_out.stages[0])
    assert [a.block for a in out.attention] == [0, 1, 2, 3]
    # A block sees what the prunings before it left, in their order.
    whole, first, second = (
        torch.arange(16).expand(2, -1),
        *(p.source for p in plain_out.prunings),
    )
    for seen, source in zip(out.attention, (whole, whole, first, second)):
        assert torch.equal(seen.source, source)
        assert seen.attention.shape == (2, 3, 3 + source.shape[1])
        assert torch.allclose(seen.attention.sum(2), torch.ones(2, 3))
    for pruning, index in zip(plain_out.prunings, (1, 2)):
        visual = out.attention[index].attention[:, :, 3:].sum(1)
        assert torch.allclose(visual, pruning.scores, atol=1e-6)


def test_attention_of_one_block_only():
    encoder = encoder_of()
    (last,) = encoder(sequence_of(), attention_blocks=(3,)).attention
    assert last.block == 3
    last.attention[..., 0].sum().backward()
    assert encoder.blocks[0].attention.qkv.weight.grad.any()


def test_nothing_is_computed_for_attention_that_nobody_asks_for(monkeypatch):
    monkeypatch.setattr(Block, 'keypoint_attention', None)
    encoder_of(schedule=PruneSchedule((1,), 0.5))(sequence_of())


def test_attention_of_blocks_beyond_the_depth():
    with pytest.raises(
        ValueError, match=r'attention_blocks: .* depth of 4, got \(4,\)'
    ):
        encoder_of()(sequence_of(), attention_blocks=(4,))


def test_the_ratio_changes_at_run_time():
    encoder = encoder_of(schedule=PruneSchedule((1, 2), 0.5))
    dense = plain(encoder, sequence_of())[-1]
    encoder.set_keep_ratio(1)
    assert torch.allclose(encoder(sequence_of()).stages[0], dense, atol=1e-6)
    encoder.set_keep_ratio(0.25)
    assert encoder(sequence_of()).prunings[1].source.shape == (2, 1)


def test_prune_blocks_beyond_the_depth():
    with pytest.raises(ValueError, match='prune_blocks: .* below the depth of 4'):
        encoder_of(schedule=PruneSchedule((1, 4), 0.5))


def test_stages_must_sum_to_the_depth():
    with pytest.raises(ValueError, match='stages: .* sum to 4 blocks'):
        encoder_of(stages=(1, 2))


def test_an_option_without_effect_is_refused():
    with pytest.raises(ValueError, match='position_at_stage_start: has no effect'):
        encoder_of(position_at_stage_start=True)


@pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.6'),
    reason='torch.export: 2.1 does not know dataclasses; untried up to 2.6',
)
def test_exports_to_one_graph():
    encoder = encoder_of(schedule=PruneSchedule((1,), 0.5)).eval()

    class Heads(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = encoder

        def forward(self, keypoints, visual):
            sequence = TokenSequence.begin(keypoints, visual)
            return self.encoder(sequence).stages[0]

    inputs = (torch.randn(1, 3, DIM), torch.randn(2, 16, DIM))
    exported = torch.export.export(Heads(), inputs)
    assert torch.allclose(exported.module()(*inputs), Heads()(*inputs), atol=1e-6)
