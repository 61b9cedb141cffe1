import pytest
import torch

from ppt_mmpose.deploy.chunks import InChunks


@pytest.mark.parametrize('size', [1, 2, 3, 5, 8])
def test_the_parts_of_a_batch_come_together_in_order(size):
    seen = []

    def function(pair):
        first, (second,) = pair
        seen.append(len(first))
        return [first + 1, (second * 2,)]

    first, second = torch.arange(5.0), torch.randn(5, 3)
    out = InChunks(function, size)((first, [second]))
    assert isinstance(out, list)
    assert isinstance(out[1], tuple)
    assert torch.equal(out[0], first + 1)
    assert torch.equal(out[1][0], second * 2)
    assert max(seen) <= size
    assert sum(seen) == 5


def test_what_is_not_there_stays_away():
    def function(pair):
        assert pair[1] is None
        return pair[0] + 1, None

    values = torch.arange(5.0)
    out, nothing = InChunks(function, 2)((values, None))
    assert torch.equal(out, values + 1)
    assert nothing is None
