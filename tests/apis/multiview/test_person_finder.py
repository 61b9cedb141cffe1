"""What goes to the model, and what comes back to its place."""

import numpy as np
import pytest
import ring_recording
from made_estimator import MadeEstimator, frame

from ppt_mmpose.apis.multiview.person_finder import PersonFinder

RING = ring_recording.ring(3)
POSES = ring_recording.people(2)
BOX = np.array([1, 2, 150, 120], np.float32)


def images(*missing):
    """Of both instants and all views, without some."""
    return [
        [
            None if (number, view) in missing else frame(view, number, (160, 128))
            for view in range(3)
        ]
        for number in range(2)
    ]


def find(estimator, images, expected):
    people = PersonFinder(estimator, RING).find(['a', 'b'], images, expected)
    return [[None if one is None else one.keypoints[0] for one in of] for of in people]


@pytest.mark.parametrize('top_down', [True, False])
def test_people_come_back_to_their_place_from_one_call(top_down):
    estimator = MadeEstimator(RING, POSES, top_down=top_down)
    found = find(estimator, images((0, 1), (1, 2)), [None, None])
    assert estimator.calls == [4]
    for number, view in np.ndindex(2, 3):
        if (number, view) in ((0, 1), (1, 2)):
            assert found[number][view] is None
        else:
            expected = estimator.pixels[number, view]
            np.testing.assert_array_equal(found[number][view], expected)


def test_only_what_is_unknown_is_detected():
    estimator = MadeEstimator(RING, POSES, detects=True)
    detected, detect = [], estimator.detect
    estimator.detect = lambda images: detected.extend(images) or detect(images)
    find(estimator, images((1, 0)), [[BOX, None, BOX], None])
    assert [image[0, 0, :2].tolist() for image in detected] == [[1, 1], [2, 1]]
    assert [place[:2] for place in estimator.asked] == [(0, 0), (0, 2), (1, 1), (1, 2)]
    assert estimator.asked[0][2] == BOX.tolist()


def test_the_detectors_people_reach_their_views():
    estimator = MadeEstimator(RING, POSES, detects=True, counts={(0, 1): 0})
    find(estimator, images((0, 0)), [None, None])
    boxes = {place[:2]: place[2] for place in estimator.asked}
    assert set(boxes) == {(0, 2), (1, 0), (1, 1), (1, 2)}
    for place, box in boxes.items():
        corner = estimator.pixels[place].min(0)
        np.testing.assert_allclose(box[:2], corner, atol=1e-4)


def test_of_several_people_the_one_in_the_box_is_taken():
    counts = {(0, view): 3 for view in range(3)}
    estimator = MadeEstimator(RING, POSES, top_down=False, counts=counts)
    pixels = estimator.pixels[0]
    boxes = [np.concatenate([one.min(0), one.max(0)]) for one in pixels]
    # The one 30 px beside; nobody there; not to be looked for.
    boxes = [boxes[0] + 30, np.array([0, 0, 1, 1.0]), None]
    found = find(estimator, images(), [boxes, None])
    np.testing.assert_allclose(found[0][0], pixels[0] + 30)
    assert found[0][1:] == [None, None]
    assert all(one is not None for one in found[1])
