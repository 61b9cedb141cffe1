"""Our tools in two processes, for tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Plain torch was seen to die like this at the end of 2 of 65 pairs of processes on a
# busy machine, after all work is done and written.
ABORT_AT_EXIT = 'terminate called without an active exception'


def in_two_processes(tool, *arguments):
    """Run a tool of ours in two processes."""
    command = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node=2']
    for _ in range(3):
        result = subprocess.run(
            [
                *(sys.executable, *command, str(ROOT / 'tools' / tool)),
                *map(str, arguments),
                *('--launcher', 'pytorch'),
            ],
            capture_output=True,
            text=True,
            env=os.environ | dict(PYTHONPATH=str(ROOT), OMP_NUM_THREADS='1'),
        )
        if ABORT_AT_EXIT not in result.stderr:
            break
    assert result.returncode == 0, result.stdout + result.stderr
