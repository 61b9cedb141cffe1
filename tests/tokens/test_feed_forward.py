import pytest
import torch

from ppt_mmpose.tokens.feed_forward import DropPath, build_mlp, drop_path_rates


def test_nothing_is_dropped_in_evaluation():
    branch = torch.randn(5, 3, 2)
    assert DropPath(0.5).eval()(branch) is branch
    assert DropPath(0).train()(branch) is branch


def test_whole_samples_are_dropped_and_the_mean_stays():
    torch.manual_seed(0)
    branch = torch.ones(20000, 2, 3)
    dropped = DropPath(0.2).train()(branch)
    flat = dropped.flatten(1)
    assert torch.equal(flat, flat[:, :1].expand_as(flat))
    assert set(flat[:, 0].tolist()) == {0, 1.25}
    assert flat.mean().item() == pytest.approx(1, abs=0.02)


def test_rates_grow_evenly():
    assert drop_path_rates(0.2, 3) == pytest.approx([0, 0.1, 0.2])


@pytest.mark.parametrize('rate', [-0.1, 1])
def test_rates_that_cannot_be(rate):
    with pytest.raises(ValueError, match='drop_path'):
        DropPath(rate)


def test_layers_have_the_same_names_with_dropout():
    plain, dropping = build_mlp(4, 8), build_mlp(4, 8, dropout=0.5)
    assert plain.state_dict().keys() == dropping.state_dict().keys()
    dropping.load_state_dict(plain.state_dict())
    tokens = torch.randn(3, 4)
    assert torch.equal(dropping.eval()(tokens), plain(tokens))
    assert not torch.equal(dropping.train()(tokens), plain(tokens))
