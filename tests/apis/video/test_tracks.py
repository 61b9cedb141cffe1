import numpy as np
import pytest

from ppt_mmpose.apis.video.tracks import GrowingTrack


def grown(*frames, joints=2):
    """Joint j is at (frame, 10 j), the box around the frame."""
    track = GrowingTrack(7)
    for frame in frames:
        keypoints = np.array([(frame, 10 * j) for j in range(joints)], float)
        box = np.array([frame, 0, frame + 4, 20.0])
        track.add(frame, keypoints, np.full(joints, 0.5), box)
    return track


def test_gaps_are_straight_lines():
    track = grown(3, 4, 8).whole()
    assert track.track == 7
    assert track.frames.tolist() == [3, 4, 5, 6, 7, 8]
    assert track.seen.tolist() == [True, True, False, False, False, True]
    assert track.keypoints[:, 0, 0].tolist() == [3, 4, 5, 6, 7, 8]
    assert track.keypoints[:, 1, 1].tolist() == [10] * 6
    assert track.scores[:, 0].tolist() == [0.5, 0.5, 0, 0, 0, 0.5]
    assert track.boxes[3].tolist() == [6, 0, 10, 20]


@pytest.mark.parametrize(
    ('longest', 'parts'), [(0, [(0, 2), (4, 5), (9, 10)]), (2, [(0, 5), (9, 10)])]
)
def test_long_gaps_part_it(longest, parts):
    found = grown(3, 4, 7, 12).whole().segments(longest)
    assert [(part.start, part.stop) for part in found] == parts


def test_gaps_as_long_as_allowed_do_not():
    assert grown(3, 4, 7, 12).whole().segments(4) == [slice(0, 10)]


def test_one_frame_is_a_track():
    track = grown(5).whole()
    assert track.frames.tolist() == [5]
    assert track.segments(0) == [slice(0, 1)]


def test_numbers_that_are_none_count_as_gaps():
    track = grown(0, 1)
    keypoints = np.array([[np.nan, np.nan], [2, 10]])
    track.add(2, keypoints, np.array([np.nan, 0.5]), np.array([2, 0, 6, 20.0]))
    whole = track.whole()
    assert whole.keypoints[2].tolist() == [[1, 0], [2, 10]]
    assert whole.scores[2].tolist() == [0, 0.5]


def test_a_stream_forgets():
    track = grown(*range(10))
    track.forget_before(6)
    assert len(track) == 4
    frames, keypoints, boxes = track.last(2)
    assert frames.tolist() == [8, 9]
    assert keypoints[:, 1].tolist() == [[8, 10], [9, 10]]
    assert boxes[:, 0].tolist() == [8, 9]
