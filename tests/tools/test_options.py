"""Options that are refused before anything slow is imported."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest
from options import at_least

ROOT = Path(__file__).parents[2]


def test_whole_numbers():
    assert [at_least(2)(text) for text in ('2', '13')] == [2, 13]
    for text in ('1', '-3', '2.5', 'two', ''):
        with pytest.raises(argparse.ArgumentTypeError, match='2 or more, got'):
            at_least(2)(text)


def test_rounds_of_lifters_are_refused_without_an_import():
    # Without site-packages there is no torch to import.
    found = subprocess.run(
        [
            *(sys.executable, '-S', str(ROOT / 'tools/benchmark_lifters.py')),
            *('mixste_h36m', '--repeats', '1'),
        ],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 2
    assert "--repeats: expected a whole number, 2 or more, got '1'" in found.stderr
