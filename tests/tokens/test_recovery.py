import torch

from ppt_mmpose.tokens import LinearRecovery, NearestRecovery, RecoveringAttention

SOURCE = torch.tensor([[1, 4], [0, 2]])


def tokens():
    return torch.tensor([[10.0, 40.0], [0.0, 20.0]])[:, :, None, None].expand(
        2, 2, 3, 5
    )


def test_nearest_by_hand():
    recovered = NearestRecovery()(tokens(), SOURCE, 6)
    assert recovered.shape == (2, 6, 3, 5)
    assert recovered[0, :, 0, 0].tolist() == [10, 10, 10, 40, 40, 40]
    # In the middle between two, the earlier one.
    assert recovered[1, :, 2, 4].tolist() == [0, 0, 20, 20, 20, 20]


def test_linear_by_hand():
    recovered = LinearRecovery()(tokens(), SOURCE, 6)
    assert torch.allclose(
        recovered[0, :, 0, 0], torch.tensor([10.0, 10, 20, 30, 40, 40])
    )
    assert torch.allclose(
        recovered[1, :, 2, 4], torch.tensor([0.0, 10, 20, 20, 20, 20])
    )


def test_kept_frames_come_back_as_they_are():
    kept = torch.randn(2, 2, 3, 5)
    for recovery in (NearestRecovery(), LinearRecovery()):
        recovered = recovery(kept, SOURCE, 6)
        for sample, source in enumerate(SOURCE.tolist()):
            assert torch.equal(recovered[sample, source], kept[sample])


def test_one_kept_frame_is_every_frame():
    kept = torch.randn(1, 1, 3, 5)
    for recovery in (NearestRecovery(), LinearRecovery()):
        recovered = recovery(kept, torch.tensor([[2]]), 4)
        assert torch.equal(recovered, kept.expand(1, 4, 3, 5))


def test_gradients_of_interpolation_reach_both_neighbours():
    kept = torch.randn(1, 2, 1, 1, requires_grad=True)
    LinearRecovery()(kept, torch.tensor([[0, 4]]), 5)[0, 1].backward()
    assert torch.allclose(kept.grad.flatten(), torch.tensor([0.75, 0.25]))


def test_attention_asks_the_kept_frames_of_the_same_joint():
    recovery = RecoveringAttention(8, 2, 6)
    torch.nn.init.normal_(recovery.queries)
    kept = torch.randn(2, 3, 4, 8)
    recovered = recovery(kept, torch.zeros(2, 3).long(), 5)
    assert recovered.shape == (2, 5, 4, 8)
    # One joint of one sample, as the equation has it.
    alone = kept[1, :, 2]
    layers = recovery.attention
    query = layers.query(recovery.queries[0, :5]).view(5, 2, 4)
    key, value = (layer(alone).view(3, 2, 4) for layer in (layers.key, layers.value))
    weights = torch.einsum('qhc,khc->hqk', query, key).div(2).softmax(dim=-1)
    mixed = torch.einsum('hqk,khc->qhc', weights, value).flatten(1)
    expected = recovery.queries[0, :5] + layers.projection(mixed)
    assert torch.allclose(recovered[1, :, 2], expected, atol=1e-6)


def test_queries_begin_at_zero_and_learn():
    recovery = RecoveringAttention(8, 2, 6)
    assert not recovery.queries.any()
    recovery(torch.randn(1, 3, 4, 8), torch.zeros(1, 3).long(), 6).sum().backward()
    assert all(p.grad is not None for p in recovery.parameters())
