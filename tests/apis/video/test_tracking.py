import numpy as np
import pytest

from ppt_mmpose.apis.pose_2d import People
from ppt_mmpose.apis.video import PeopleTracker

# Four keypoints around the middle of a person.
BODY = np.array([[-10, -40], [10, -40], [-10, 40], [10, 40.0]])
META = dict(sigmas=np.full(4, 0.1))


def people(*places):
    middles = np.array(places, float).reshape(-1, 1, 2)
    keypoints = middles + BODY
    boxes = np.concatenate([keypoints.min(1) - 2, keypoints.max(1) + 2], 1)
    return People(keypoints, np.ones(keypoints.shape[:2]), boxes)


@pytest.mark.parametrize('meta', [META, {}, dict(sigmas=[])])
def test_people_keep_their_numbers_whatever_their_order(meta):
    tracker = PeopleTracker(meta)
    assert tracker.add(0, people((100, 100), (300, 100))) == [0, 1]
    assert tracker.add(1, people((303, 100), (103, 100))) == [1, 0]
    assert tracker.add(2, people((106, 100), (306, 100), (500, 100))) == [0, 1, 2]
    assert [len(track) for track in tracker.tracks] == [3, 3, 1]


def test_people_who_pass_each_other_keep_theirs():
    tracker = PeopleTracker(META)
    first, second = [], []
    for frame in range(30):
        # 3 px apart in height, so that they do not fall together.
        a, b = (100 + 8 * frame, 100), (340 - 8 * frame, 103)
        numbers = tracker.add(frame, people(a, b) if frame % 2 else people(b, a))
        first.append(numbers[0 if frame % 2 else 1])
        second.append(numbers[1 if frame % 2 else 0])
    assert len(set(first)) == len(set(second)) == 1
    assert set(first) != set(second)


def test_the_unseen_are_waited_for():
    places = [(100 + 5 * frame, 100) for frame in range(12)]
    for gap, numbers in ((4, [0]), (3, [1])):
        tracker = PeopleTracker(META, max_gap=gap)
        for frame in range(5):
            tracker.add(frame, people(places[frame]))
        for frame in range(5, 9):
            assert tracker.add(frame, people()) == []
        assert tracker.add(9, people(places[9])) == numbers


def test_somebody_far_away_is_somebody_else():
    tracker = PeopleTracker(META)
    tracker.add(0, people((100, 100)))
    assert tracker.add(1, people((200, 100))) == [1]


def test_a_stream_is_as_long_as_it_may_be():
    tracker = PeopleTracker(META, keep=5)
    for frame in range(20):
        tracker.add(frame, people((100 + frame, 100)))
    assert tracker.tracks == []
    (track,) = tracker.active
    assert len(track) == 5


def test_boxes_without_an_area_are_like_no_other():
    tracker = PeopleTracker(META)
    flat = people((100, 100))
    flat.boxes[:] = 50
    flat.keypoints[:] = 50
    assert tracker.add(0, flat) == [0]
    assert tracker.add(1, flat) == [1]


@pytest.mark.parametrize('meta', [META, {}])
def test_speed_is_forgotten_by_those_who_are_not_seen_for_long(meta):
    # 5 px a frame for ten frames, and then no more.
    tracker = PeopleTracker(meta, max_gap=40)
    for frame in range(5):
        tracker.add(frame, people((100 + 5 * frame, 100)))
    assert tracker.add(44, people((120 + 5 * 10, 100))) == [0]


def test_keypoints_tell_people_apart_who_share_a_box():
    tracker = PeopleTracker(META)
    both = people((100, 100), (100, 100))
    # One of them upside down.
    both.keypoints[1, :, 1] = 200 - both.keypoints[1, :, 1]
    assert tracker.add(0, both) == [0, 1]
    swapped = People(both.keypoints[::-1], both.scores, both.boxes)
    assert tracker.add(1, swapped) == [1, 0]


def test_boxes_tell_people_apart_whose_keypoints_are_the_same():
    tracker = PeopleTracker(META)
    both = people((100, 100), (100, 100))
    both.boxes[1] += [60, 0, 60, 0]
    assert tracker.add(0, both) == [0, 1]
    swapped = People(both.keypoints, both.scores, both.boxes[::-1].copy())
    assert tracker.add(1, swapped) == [1, 0]


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValueError, match='^max_gap: expected 0 frames or more, got -1'):
        PeopleTracker(META, max_gap=-1)
    with pytest.raises(ValueError, match='^threshold: expected 0 to 1, got 1'):
        PeopleTracker(META, threshold=1)
