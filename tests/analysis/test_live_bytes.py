import torch

from ppt_mmpose.analysis.live_bytes import peak_live_bytes

KB = 1024


def test_what_lives_at_once_counts_by_hand():
    weights = torch.zeros(256)  # 1 KB, there before

    def forward():
        a = weights + 1
        b = a.view(16, 16).t()
        c = torch.cat((b, b))  # 2 KB, beside a
        del a, b
        d = c.sum(dim=0)  # 64 bytes, beside c
        del c
        return d + 1

    assert peak_live_bytes(forward) == 3 * KB


def test_memory_that_is_given_back_can_be_used_again():
    x = torch.zeros(256)

    def chain():
        y = x
        for _ in range(20):
            y = y + 1
        return y

    # The next one is made before the last one goes.
    assert peak_live_bytes(chain) == 2 * KB


def test_views_of_what_was_there_take_nothing():
    weights = torch.zeros(1024)
    assert peak_live_bytes(lambda: weights.view(32, 32).t()) == 0
