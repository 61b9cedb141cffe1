import json

import cv2
import numpy as np
import pytest
from known_people import KnownPeople, frames, moving
from small_video import small_lifter

from ppt_mmpose.analysis.video_benchmark import Pass, benchmark_video, video_report

# MHFormer takes a pose of each of its frames alone.
MHFORMER = """
model['backbone'] = dict(
    type='MHFormer', feat_size=16, generation_depth=1, depth=1, interaction_depth=1,
    num_heads=2, track_heads=1, hidden_channels=16, num_keypoints=17, seq_len=9)
model['head']['in_channels'] = 48
"""


@pytest.fixture(scope='module')
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp('pictures')
    for number, image in enumerate(frames(24, (1000, 1000))):
        cv2.imwrite(str(folder / f'{number:03d}.png'), image)
    return str(folder)


def test_what_is_measured(pictures, tmp_path):
    config, _ = small_lifter(tmp_path)
    other, _ = small_lifter(tmp_path, 'mhformer_h36m', extra=MHFORMER)
    people = KnownPeople(moving(24), moving(24, index=4, shift=300))
    found = benchmark_video(
        pictures, [config, other], pose2d=people, device='cpu', every=10,
        batch_size=4, out=str(tmp_path / 'found.json'),
    )  # fmt: skip
    assert (found.length, found.people) == (24, 2)
    assert [one.name for one in found.passes] == ['2D', config, other]
    first, *lifting = found.passes
    assert first.frames == [10, 20, 24]
    for one in lifting:
        # Of both people, after windows of three frames or one.
        assert one.frames[-1] == 48
        assert all(10 * n <= done < 10 * n + 9 for n, done in enumerate(one.frames, 1)
                   if done < 48)  # fmt: skip
    for one in found.passes:
        assert (np.diff(one.seconds) > 0).all()
        assert min(one.memory) > 50
    assert json.loads((tmp_path / 'found.json').read_text())['length'] == 24
    lines = video_report(found).splitlines()
    assert lines[0] == '24 frames, 2 people'
    assert lines[4].startswith('| 2D |')
    assert '| 1.00 |' in lines[5]


def test_speed_is_that_of_the_whole_pass():
    assert Pass('2D', [10, 20, 44], [9.0, 10, 11], [1.0] * 3).speed == 4
    assert Pass('2D', [10], [2.0], [1.0]).speed == 5


def test_wrong_numbers_are_told(pictures):
    with pytest.raises(ValueError, match='^every: expected 1 or more, got 0'):
        benchmark_video(pictures, ['x'], pose2d=KnownPeople(), every=0)
    with pytest.raises(ValueError, match='^lifters: expected configs of one or more'):
        benchmark_video(pictures, [], pose2d=KnownPeople())
    with pytest.raises(ValueError, match=r'none\.mp4: expected a folder or a file'):
        benchmark_video('none.mp4', ['x'], pose2d=KnownPeople())
