import json

import numpy as np
import pytest

from ppt_mmpose.apis.video.frame_boxes import FrameBoxes

BOX = [10, 20, 30, 40]


def test_by_number_and_from_a_file(tmp_path):
    path = tmp_path / 'boxes.json'
    path.write_text(json.dumps({'0': [BOX], '3': []}))
    for boxes in (FrameBoxes({0: [BOX], 3: []}), FrameBoxes(path)):
        np.testing.assert_array_equal(boxes.of(0), [BOX])
        assert boxes.of(1) is None
        assert boxes.of(3).shape == (0, 4)


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        ({}, '^boxes: expected boxes by the number of the frame'),
        ([BOX], '^boxes: expected boxes by the number of the frame'),
        ({'first': [BOX]}, "^boxes: expected numbers of frames from 0, got 'first'"),
        ({1.7: [BOX]}, '^boxes: expected numbers of frames from 0, got 1.7'),
        ({-1: [BOX]}, '^boxes: expected numbers of frames from 0, got -1'),
        ({2: BOX}, '^boxes, frame 2: expected a list of'),
        ({2: [[30, 20, 10, 40]]}, '^boxes, frame 2: .*left < right'),
        ({2: [[1, 2, 3, np.nan]]}, '^boxes, frame 2: expected'),
        ({2: 'box'}, '^boxes, frame 2: expected'),
    ],
)
def test_what_is_none_is_named(given, message):
    with pytest.raises(ValueError, match=message):
        FrameBoxes(given)


def test_files_are_named(tmp_path):
    with pytest.raises(ValueError, match=r'no\.json: expected a JSON file of boxes'):
        FrameBoxes(tmp_path / 'no.json')
    path = tmp_path / 'text.json'
    path.write_text('{')
    with pytest.raises(ValueError, match=r'text\.json: expected a JSON file of boxes'):
        FrameBoxes(path)
