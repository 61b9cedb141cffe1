"""Times of variants that take turns, by a clock that the test winds."""

import time

import pytest
import torch

from ppt_mmpose.analysis import Latency, measure_latency
from ppt_mmpose.analysis.latency import WARM_UP, machine, thread_count, usable_device

CPU = torch.device('cpu')


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, 'perf_counter', lambda: now[0])
    return now


def test_median_and_quartiles_in_ms_after_the_warm_up(clock):
    counted = [0.001, 0.002, 0.003, 0.004, 0.009]
    # The first of each two is not counted, but for the first of all: 9 s are not short.
    seconds = iter([9.0] * WARM_UP + [0.001, *(t for s in counted[1:] for t in (7, s))])

    def forward():
        clock[0] += next(seconds)

    (found,) = measure_latency([forward], repeats=5, device=CPU)
    assert found == Latency(*map(pytest.approx, (3.0, 2.0, 4.0)))


def test_variants_take_turns_and_keep_their_own_times(clock):
    order = []

    def variant(name, seconds):
        def forward():
            assert torch.is_inference_mode_enabled()
            order.append(name)
            clock[0] += seconds

        return forward

    slow, fast = measure_latency(
        [variant('slow', 0.3), variant('fast', 0.1)], repeats=4, device=CPU
    )
    turns = ['slow', 'fast'] * WARM_UP + ['slow', 'fast', 'fast'] * 4
    assert order == turns
    assert (slow.median, fast.median) == (pytest.approx(300), pytest.approx(100))


def test_threads_are_put_back():
    before = torch.get_num_threads()
    with thread_count(before + 1):
        assert torch.get_num_threads() == before + 1
        assert machine(CPU)['threads'] == before + 1
    with thread_count(None):
        assert torch.get_num_threads() == before
    assert torch.get_num_threads() == before


@pytest.mark.parametrize('name', ['nonsense', 'meta', 'cuda:99', 'cpu:x'])
def test_a_device_that_is_not_there(name):
    with pytest.raises(ValueError, match=f'device: .* got {name!r}'):
        usable_device(name)


def test_a_device_that_is_there():
    assert usable_device('cpu') == CPU


def test_less_than_one_thread_is_refused():
    with pytest.raises(ValueError, match='threads: expected 1 or more, got 0'):
        thread_count(0).__enter__()
