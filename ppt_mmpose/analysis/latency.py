"""Measured time of a forward pass, comparable between variants of a model."""

import os
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import torch

WARM_UP = 3  # rounds
SHORT = 200.0  # ms


@dataclass(frozen=True)
class Latency:
    """Time of one pass, of a whole batch.

    Attributes:
        median: in ms.
        low: lower quartile, in ms.
        high: upper quartile, in ms.
    """

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f'{self.median:.1f} [{self.low:.1f}, {self.high:.1f}]'


def measure_latency(
    forwards: Sequence[Callable[[], object]], *, repeats: int, device: torch.device
) -> List[Latency]:
    """Time several variants, taking turns.

    Whatever else the machine does in the meantime hits all of them alike. A few rounds
    go before that are not timed. A short pass runs twice in each turn and counts once:
    it would find its weights out of the cache, and threads of others still spinning.

    Args:
        forwards: each runs one variant once.
        repeats: timed rounds, 2 or more.
        device: where they run.
    """
    times: List[List[float]] = [[] for _ in forwards]
    with torch.inference_mode():
        for turn in range(WARM_UP + repeats):
            for forward, taken in zip(forwards, times):
                if turn >= WARM_UP and taken[-1] < SHORT:
                    _timed(forward, device)
                taken.append(_timed(forward, device))
    times = [taken[WARM_UP:] for taken in times]
    return [summary(taken) for taken in times]


def expect_at_least(**numbers: Tuple[int, int]) -> None:
    """Check arguments that are counts.

    Args:
        **numbers: by the name of the argument, its value and the least that it may be.

    Raises:
        ValueError: for the first one that is less.
    """
    for name, (value, least) in numbers.items():
        if value < least:
            raise ValueError(f'{name}: expected {least} or more, got {value}')


def _timed(forward: Callable[[], object], device: torch.device) -> float:
    _finish(device)
    start = time.perf_counter()
    forward()
    _finish(device)
    return 1000 * (time.perf_counter() - start)


def summary(taken: Sequence[float]) -> Latency:
    """Median and quartiles of times in ms, two or more."""
    low, median, high = statistics.quantiles(taken, n=4, method='inclusive')
    return Latency(median, low, high)


def _finish(device: torch.device) -> None:
    if device.type == 'cuda':
        torch.cuda.synchronize(device)


def usable_device(name: str) -> torch.device:
    """A device of this machine.

    Raises:
        ValueError: if there is no such device.
    """
    try:
        device = torch.device(name)
        # meta computes nothing, so there is nothing to time.
        if device.type != 'meta':
            torch.empty(1, device=device)
            return device
    # Each kind of device has its own way of saying that it is not there.
    except (RuntimeError, AssertionError):
        pass
    raise ValueError(f'device: expected a device of this machine, got {name!r}')


@contextmanager
def thread_count(count: Optional[int]) -> Iterator[None]:
    """Let PyTorch use so many threads on the CPU; as many as before when None.

    Raises:
        ValueError: for less than one.
    """
    if count is not None and count < 1:
        raise ValueError(f'threads: expected 1 or more, got {count}')
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def machine(device: torch.device) -> Dict[str, Union[str, int, float]]:
    """What a latency was measured on.

    Args:
        device: where the models run.
    """
    found: Dict[str, Union[str, int, float]] = dict(
        device=str(device),
        cores=os.cpu_count() or 1,
        threads=torch.get_num_threads(),
        load=round(os.getloadavg()[0], 2),
        torch=torch.__version__,
    )
    if device.type == 'cuda':
        found['device'] = f'{device} ({torch.cuda.get_device_name(device)})'
    return found
