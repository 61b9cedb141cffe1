import numpy as np
import pytest

from ppt_mmpose.apis.multiview.detections import (
    expected_boxes,
    refuse_several,
    the_expected,
)


def test_the_expected_is_the_one_that_overlaps_most():
    boxes = np.array([[0, 0, 2, 2], [1, 1, 3, 3], [8, 8, 9, 9]], float)
    assert the_expected(boxes, np.array([1, 1, 3, 4.0])) == 1
    assert the_expected(boxes, np.array([4, 4, 6, 6.0])) is None
    assert the_expected(boxes[:0], np.array([1, 1, 3, 4.0])) is None
    assert the_expected(boxes[:0], None) is None
    assert the_expected(boxes[2:], None) == 0
    assert the_expected(boxes, None) is None


def test_several_people_are_counted_by_view():
    refuse_several('7', ('a', 'b', 'c'), (1, 0, 1))
    expected = (
        '^instant 7: expected one person in each view, got 2 in b, 3 in c; give boxes, '
        'or track after an instant with a single person$'
    )
    with pytest.raises(ValueError, match=expected):
        refuse_several('7', ('a', 'b', 'c'), (1, 2, 3))


def test_boxes_around_keypoints_by_hand():
    points = np.array([[10, 20], [30, 60], [1000, 1000]], float)
    pixels = np.stack([points, points, np.add(points, (70, 0)), points, points - 100])
    there = np.ones((5, 3), bool)
    there[:, 2] = False
    there[3] = False
    sizes = [(100, 80), None, (100, 62), (100, 80), (100, 80)]
    # Middle (20, 40), sides 20 and 40.
    inside, no_size, cut, unknown, outside = expected_boxes(pixels, there, sizes, 1.5)
    assert inside.tolist() == [5, 10, 35, 70]
    assert cut.tolist() == [75, 10, 100, 62]
    assert no_size is unknown is outside is None
    assert inside.dtype == np.float32
