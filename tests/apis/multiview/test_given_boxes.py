import json

import numpy as np
import pytest
from small_views import calibration

from ppt_mmpose.apis.multiview.given_boxes import ViewBoxes

CAMERAS = calibration('a', 'b', 'c')
ONE, TWO = [1, 2, 30, 40], [5, 6, 35, 46]


def boxes_of(given, *instants):
    boxes = ViewBoxes(given, CAMERAS)
    return [
        [None if box is None else box.tolist() for box in boxes.of(number, name)]
        for number, name in enumerate(instants)
    ]


def test_all_forms_side_by_side():
    given = dict(c=ONE, a={'x7': TWO, 'x8': None}, b=[ONE, None, TWO])
    assert boxes_of(given, 'x7', 'x8', 'x9') == [
        [TWO, ONE, ONE],
        [None, None, ONE],
        [None, TWO, ONE],
    ]


@pytest.mark.parametrize(
    'given', [dict(b=np.array(ONE)), dict(b=tuple(ONE)), dict(b=np.array([ONE, ONE]))]
)
def test_arrays_and_tuples(given):
    assert boxes_of(given, '0', '1') == [[None, ONE, None]] * 2


def test_a_camera_without_person():
    assert boxes_of(dict(a=None, b=ONE), '0') == [[None, ONE, None]]


def test_a_file(tmp_path):
    path = tmp_path / 'boxes.json'
    path.write_text(json.dumps(dict(a=ONE, b={'x': TWO}, c=[None, ONE])))
    expected = [[ONE, None, None], [ONE, TWO, ONE]]
    assert boxes_of(path, 'w', 'x') == boxes_of(str(path), 'w', 'x') == expected


ORDER = r'expected \(left, top, right, bottom\) with left < right and top < bottom'


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        (dict(a=[1, 2, 3]), f"^boxes, camera 'a': {ORDER}, px, got .1, 2, 3.$"),
        (dict(a=[5, 0, 4, 9]), f"^boxes, camera 'a': {ORDER}"),
        (dict(a=[0, 9, 4, 9]), f"^boxes, camera 'a': {ORDER}"),
        (dict(a=[0, 0, np.inf, 9]), f"^boxes, camera 'a': {ORDER}"),
        (dict(a=[0, np.nan, 9, 9]), f"^boxes, camera 'a': {ORDER}"),
        (dict(a=5), f"^boxes, camera 'a': {ORDER}, px, got 5$"),
        (dict(a='box'), f"^boxes, camera 'a': {ORDER}, px, got 'box'$"),
        (dict(b={'x7': ONE[:3]}), f"^boxes, camera 'b', instant x7: {ORDER}"),
        (dict(b=[ONE, ONE[:2]]), f"^boxes, camera 'b', instant number 1: {ORDER}"),
        (dict(d=ONE), "^boxes, camera 'd': expected one of a, b, c$"),
        ([ONE], '^boxes: expected boxes by the names of cameras, got list$'),
    ],
)
def test_what_is_no_box_is_named(given, expected):
    with pytest.raises(ValueError, match=expected):
        ViewBoxes(given, CAMERAS)


@pytest.mark.parametrize('listed', [[ONE], []])
def test_lists_that_end_early_are_named(listed):
    boxes = ViewBoxes(dict(b=listed), CAMERAS)
    with pytest.raises(
        ValueError,
        match="^boxes, camera 'b': expected a box for each instant, got "
        f'{len(listed)}, and none for x$',
    ):
        boxes.of(len(listed), 'x')


def test_files_that_are_none_are_named(tmp_path):
    path = tmp_path / 'boxes.json'
    with pytest.raises(
        ValueError, match=r'boxes\.json: expected a JSON file of boxes, got no such'
    ):
        ViewBoxes(path, CAMERAS)
    path.write_text('{"a": ')
    with pytest.raises(ValueError, match=r'boxes\.json: expected a JSON file of boxes'):
        ViewBoxes(path, CAMERAS)
    path.write_text('[[1, 2, 3, 4]]')
    with pytest.raises(ValueError, match=r'boxes\.json: expected boxes by the names'):
        ViewBoxes(path, CAMERAS)
    path.write_text('{"d": [1, 2, 3, 4]}')
    with pytest.raises(ValueError, match=r"boxes\.json, camera 'd': expected one of"):
        ViewBoxes(path, CAMERAS)
