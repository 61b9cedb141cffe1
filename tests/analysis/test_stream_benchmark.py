"""The stream of the benchmark is the inferencer's, and its readings are real."""

import json
import mmap

import numpy as np
import pytest

from ppt_mmpose.analysis import stream_benchmark
from ppt_mmpose.analysis.stream_benchmark import (
    benchmark_stream,
    frames,
    ring,
    stream_report,
    told_by,
)
from ppt_mmpose.motion_files import read_motion


@pytest.mark.parametrize('track', [False, True])
def test_a_short_stream(tmp_path, track):
    found = benchmark_stream(
        instants=10, views=3, every=4, track=track, folder=str(tmp_path)
    )
    assert found.instants == [4, 8]
    assert 0 < found.seconds[0] < found.seconds[1]
    # PyTorch alone takes more than 50 MiB.
    assert all(50 < memory < 20_000 for memory in found.memory)
    assert found.error < 1e-6
    assert found.track is track
    assert set(found.written) == {
        'keypoints.csv',
        'keypoints.json',
        'keypoints.npz',
        'keypoints.trc',
        'keypoints_2d.csv',
    }
    _, instants = read_motion(tmp_path / 'keypoints.npz')
    assert len(instants) == 10
    assert instants[0].used.shape == (3, 17)
    size = (tmp_path / 'keypoints.npz').stat().st_size / 2**20
    assert found.written['keypoints.npz'] == size


def test_memory_that_grows_is_seen(monkeypatch):
    # Pages of their own: what earlier tests left free would serve small arrays.
    kept = []
    person = stream_benchmark.KnownPerson
    pose = person.pose
    monkeypatch.setattr(
        person,
        'pose',
        lambda self, instant: kept.append(_new_pages()) or pose(self, instant),
    )
    found = benchmark_stream(instants=20, views=2, every=10)
    # 2 MB for each view of ten instants, and once more for the comparison.
    assert found.memory[1] - found.memory[0] > 40


def _new_pages():
    pages = mmap.mmap(-1, 2 << 20)
    pages.write(b'1' * (2 << 20))
    return pages


def test_frames_tell_which_they_are(monkeypatch):
    monkeypatch.setattr(stream_benchmark, 'SIZE', (4, 2))
    seen = [told_by(image) for image in frames(3, 66_000)]
    assert seen == [(3, number) for number in range(66_000)]


def test_cameras_look_at_the_centre():
    calibration = ring(5)
    centre = calibration.cameras.project(calibration.cameras.rotation.new_zeros(1, 3))
    np.testing.assert_allclose(centre.pixels, np.tile([[320, 240]], (5, 1, 1)), atol=1)
    assert calibration.image_sizes == ((640, 480),) * 5
    assert ((centre.depth >= 4) & (centre.depth < 4.2)).all()  # m


def test_the_report(tmp_path):
    out = tmp_path / 'found.json'
    found = benchmark_stream(instants=2, views=2, every=1, batch_size=1, out=str(out))
    report = stream_report(found)
    assert report.startswith('2 views of 640x480 px, in batches of 1\n')
    assert f'| 2 | {1 / (found.seconds[1] - found.seconds[0]):.0f} |' in report
    assert json.loads(out.read_text())['instants'] == [1, 2]


@pytest.mark.parametrize('name', ['instants', 'views', 'every', 'batch_size'])
def test_numbers_that_cannot_be(name):
    with pytest.raises(ValueError, match=f'^{name}: expected . or more, got 0$'):
        benchmark_stream(**{name: 0})
