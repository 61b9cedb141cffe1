"""The example of docs/triangulation.md, run as it is written there."""

import re
from pathlib import Path

import numpy as np
import pytest
import ring_recording
import torch

from ppt_mmpose.calibration import write_calibration
from ppt_mmpose.geometry import Status

PAGE = Path(__file__).parents[2] / 'docs' / 'triangulation.md'


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """The example's files, with a wrong view, a missing one and a joint of one view."""
    monkeypatch.chdir(tmp_path)
    calibration, poses = ring_recording.ring(4), ring_recording.people(3)
    write_calibration(calibration, 'calibration.toml', format='anipose')
    pixels = calibration.cameras.project(torch.from_numpy(poses)).pixels.numpy()
    scores = np.ones(pixels.shape[:-1])
    pixels[0, 1, 5] += 40
    scores[1, 2] = 0
    scores[2, 1:, 7] = 0
    np.savez('keypoints.npz', keypoints_2d=pixels, scores=scores)
    return poses


def test_the_example_runs_and_says_what_its_comments_say(recorded):
    (code,) = re.findall('```python\n(.*?)```', PAGE.read_text(), re.DOTALL)
    *_, views, error, too_few = code.strip().splitlines()
    names = {}
    exec(code, names)
    result = names['result']
    assert result.points.shape == recorded.shape == (3, 17, 3)
    missing = torch.zeros(3, 17, dtype=torch.bool)
    missing[2, 7] = True
    assert torch.equal(result.found, ~missing)
    np.testing.assert_allclose(
        result.points[result.found], recorded[~missing.numpy()], rtol=0, atol=1e-6
    )
    count = eval(views.partition('#')[0], names)
    assert count.tolist() == [
        [3 if joint == 5 else 4 for joint in range(17)],
        [3] * 17,
        [0 if joint == 7 else 4 for joint in range(17)],
    ]
    assert eval(error.partition('#')[0], names) < 1e-4
    assert eval(too_few, names) == 1
    assert result.status[2, 7] == Status.TOO_FEW
    # The view that was left out has its error: 40 px in x and in y.
    assert result.errors[0, 1, 5] == pytest.approx(40 * 2**0.5, abs=0.01)
