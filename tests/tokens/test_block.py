import torch

from ppt_mmpose.tokens import TokenSequence, build_blocks


def sequence_of(batch=2, keypoints=3, visual=10, dim=8):
    position = torch.randn(1, visual, dim)
    return TokenSequence.begin(
        torch.randn(1, keypoints, dim),
        torch.randn(batch, visual, dim),
        position=position,
    )


def block_of(dim=8):
    return build_blocks(1, dim, num_heads=2)[0]


def test_pruning_equals_attending_first_and_dropping_then():
    block, sequence = block_of(), sequence_of()
    pruned, scores = block.prune(sequence, 4)
    # The plain way: everything attends, then tokens are dropped, then the MLP.
    attention = block.attention
    query, key, value = attention.project(block.norm1(sequence.tokens))
    rows = attention.probabilities(query, key)[:, :, :3, 3:]
    expected_scores = rows.mean(1).sum(1)
    assert torch.allclose(scores, expected_scores, atol=1e-6)
    kept = expected_scores.topk(4).indices
    after = sequence.with_tokens(
        sequence.tokens + attention.attend(query, key, value)
    ).keep(kept)
    expected = after.tokens + block.mlp(block.norm2(after.tokens))
    assert torch.allclose(pruned.tokens, expected, atol=1e-6)
    assert torch.equal(pruned.source, kept)
    assert torch.equal(pruned.position, after.position)


def test_keeping_all_only_permutes():
    block, sequence = block_of(), sequence_of()
    pruned, _ = block.prune(sequence, 10)
    whole = block(sequence)
    order = pruned.source.argsort(1)
    assert torch.allclose(pruned.keep(order).tokens, whole.tokens, atol=1e-6)


def test_keypoints_only_equals_the_whole_block():
    block, sequence = block_of(), sequence_of()
    assert torch.allclose(
        block.keypoints_only(sequence), block(sequence).keypoints, atol=1e-6
    )


def test_the_selection_has_no_gradient_and_the_rest_has():
    block, sequence = block_of(), sequence_of()
    pruned, scores = block.prune(sequence, 4)
    assert not scores.requires_grad
    pruned.tokens.sum().backward()
    assert all(p.grad is not None for p in block.parameters())


def test_twice_the_same_in_eval():
    block, sequence = block_of().eval(), sequence_of()
    first, second = (block.prune(sequence, 4)[0] for _ in range(2))
    assert torch.equal(first.tokens, second.tokens)
    assert torch.equal(first.source, second.source)


def test_keypoint_attention_is_what_pruning_ranks():
    block, sequence = block_of(), sequence_of()
    rows = block.keypoint_attention(sequence)
    assert rows.shape == (2, 3, 13)
    assert torch.allclose(rows.sum(2), torch.ones(2, 3))
    _, scores = block.prune(sequence, 4)
    assert torch.allclose(rows[:, :, 3:].sum(1), scores, atol=1e-6)


def test_keypoint_attention_is_float32_and_has_a_gradient():
    block, sequence = block_of(), sequence_of()
    with torch.autocast('cpu', torch.bfloat16):
        rows = block.keypoint_attention(sequence)
    assert rows.dtype == torch.float32
    rows[..., 0].sum().backward()
    dim = 8
    query, key, value = block.attention.qkv.weight.grad.split(dim)
    assert query.any()
    assert key.any()
    assert not value.any()
