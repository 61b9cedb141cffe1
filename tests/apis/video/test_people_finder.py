import numpy as np
import pytest
from known_people import H36M, KnownPeople, frames, moving

from ppt_mmpose.apis.video import PeopleTracker
from ppt_mmpose.apis.video.frame_boxes import FrameBoxes
from ppt_mmpose.apis.video.people_finder import PeopleFinder


def found(estimator, count, boxes=None, **options):
    finder = PeopleFinder(estimator, PeopleTracker(H36M), boxes=boxes, **options)
    return list(finder.find(frames(count, size=(1000, 1000))))


@pytest.mark.parametrize('top_down', [True, False])
def test_all_people_of_all_frames(top_down):
    first, second = moving(7), moving(7, index=4, shift=300)
    estimator = KnownPeople(first, second, top_down=top_down)
    results = found(estimator, 7, batch_size=3)
    assert estimator.asked == [3, 3, 1]
    assert [number for number, *_ in results] == list(range(7))
    for number, _, people, tracks in results:
        assert tracks == [0, 1]
        np.testing.assert_allclose(people.keypoints, [first[number], second[number]])


def test_one_person_fills_the_image():
    results = found(KnownPeople(moving(2), detects=False), 2)
    assert all(tracks == [0] for *_, tracks in results)
    np.testing.assert_array_equal(results[0][2].boxes, [[0, 0, 1000, 1000]])


def test_people_are_followed_from_boxes():
    first, second = moving(30), moving(30, index=4, shift=250)
    # In the twentieth frame somebody says who else there is.
    boxes = FrameBoxes({0: [box_of(first[0])], 20: [box_of(first[20]),
                                                    box_of(second[20])]})  # fmt: skip
    estimator = KnownPeople(first, second, detects=False)
    results = list(
        PeopleFinder(estimator, PeopleTracker(H36M), boxes=boxes).find(
            frames(30, size=(1000, 1000))
        )
    )
    assert [tracks for *_, tracks in results] == [[0]] * 20 + [[0, 1]] * 10
    np.testing.assert_allclose(results[29][2].keypoints, [first[29], second[29]])


def box_of(keypoints):
    return [*keypoints.min(0), *keypoints.max(0)]


def test_the_lost_are_looked_for_where_they_were():
    joints = list(moving(12))
    for frame in (4, 5):
        joints[frame] = None
    asked = []

    class Asked(KnownPeople):
        def in_boxes(self, images, boxes, views=None):
            asked.append(np.array(boxes))
            return super().in_boxes(images, boxes, views)

    boxes = FrameBoxes({0: [box_of(joints[0])]})
    estimator = Asked(joints, detects=False)
    results = list(
        PeopleFinder(estimator, PeopleTracker(H36M), boxes=boxes).find(
            frames(12, size=(1000, 1000))
        )
    )
    assert [tracks for *_, tracks in results] == [[0]] * 4 + [[]] * 2 + [[0]] * 6
    # A quarter larger than the keypoints, around them.
    low, high = joints[3].min(0), joints[3].max(0)
    for box in asked[4:7]:
        np.testing.assert_allclose(
            box[0, 2:] - box[0, :2], 1.25 * (high - low), rtol=1e-5
        )
        np.testing.assert_allclose(box[0, :2] + box[0, 2:], low + high, rtol=1e-5)


def test_expected_boxes_end_with_the_image():
    joints = moving(3)
    joints = joints - joints.min((0, 1)) - [40, 10]
    boxes = FrameBoxes({0: [box_of(joints[0])]})
    asked = []

    class Asked(KnownPeople):
        def in_boxes(self, images, boxes, views=None):
            asked.append(np.array(boxes))
            return super().in_boxes(images, boxes, views)

    finder = PeopleFinder(
        Asked(joints, detects=False), PeopleTracker(H36M), boxes=boxes
    )
    list(finder.find(frames(3, size=(100, 90))))
    assert asked[2][0, :2].tolist() == [0, 0]
    assert (asked[2][0, 2:] <= [100, 90]).all()


def test_keypoints_far_outside_and_boxes_that_are_none():
    joints = moving(2)
    joints[0, 5] = 6000
    joints[0, 6] = -1e9

    class Odd(KnownPeople):
        def everybody(self, images):
            found = super().everybody(images)
            found[0].boxes[0] = np.nan
            return found

    odd = Odd(joints, top_down=False)
    finder = PeopleFinder(odd, PeopleTracker(H36M))
    people, _ = finder.find_in(0, next(frames(1, (1000, 1000))))
    middle = np.delete(joints[0], (5, 6), axis=0).mean(0)
    np.testing.assert_allclose(people.keypoints[0, 5:7], [middle, middle])
    assert people.scores[0, 5:7].tolist() == [0, 0]
    points = people.keypoints[0]
    np.testing.assert_allclose(people.boxes[0], [*points.min(0), *points.max(0)])


def test_people_of_low_scores_are_none():
    for score, count in ((0.09, 0), (0.11, 1)):
        (result,) = found(KnownPeople(moving(2), score=score), 1)
        assert len(result[2].boxes) == count


def test_keypoints_without_a_place_are_put_in_the_middle():
    joints = moving(2)
    joints[0, 3] = np.nan
    boxed = KnownPeople(joints, detects=False)
    ((_, _, people, _),) = found(boxed, 1)
    np.testing.assert_allclose(
        people.keypoints[0, 3], np.delete(joints[0], 3, axis=0).mean(0)
    )
    assert people.scores[0].tolist() == [1, 1, 1, 0] + [1] * 13


def test_what_was_read_before_an_error_is_given():
    def broken():
        yield from frames(3)
        raise ValueError('frame 3: broken')

    finder = PeopleFinder(KnownPeople(moving(3)), PeopleTracker(H36M), batch_size=2)
    results = finder.find(broken())
    assert [next(results)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match='frame 3: broken'):
        next(results)


def test_wrong_options_are_told():
    with pytest.raises(ValueError, match='^boxes: expected None with a model that'):
        PeopleFinder(
            KnownPeople(top_down=False),
            PeopleTracker(H36M),
            boxes=FrameBoxes({0: [[0, 0, 1, 1]]}),
        )
    with pytest.raises(ValueError, match='^person_thr: expected 0 or more, got nan'):
        PeopleFinder(KnownPeople(), PeopleTracker(H36M), person_thr=np.nan)
    with pytest.raises(ValueError, match='^batch_size: expected 1 or more, got 0'):
        PeopleFinder(KnownPeople(), PeopleTracker(H36M), batch_size=0)
