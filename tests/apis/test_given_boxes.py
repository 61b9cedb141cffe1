import pytest

from ppt_mmpose.apis.given_boxes import GivenBoxes


def test_answers_image_after_image():
    boxes = GivenBoxes([[(1, 2, 30, 40)], [(0, 0, 5, 5), (3, 3, 9, 9)]])
    first = boxes('a.jpg', return_datasamples=True)['predictions'][0].pred_instances
    assert first.bboxes.tolist() == [[1, 2, 30, 40]]
    assert first.scores.tolist() == [1]
    second = boxes('b.jpg')['predictions'][0].pred_instances
    assert len(second) == 2
    with pytest.raises(ValueError, match='boxes for every image, got those of 2'):
        boxes('c.jpg')


@pytest.mark.parametrize('given', [[], [(1, 2, 3)], [(5, 0, 5, 9)], [(0, 9, 5, 3)]])
def test_what_is_no_box_is_named(given):
    with pytest.raises(ValueError, match=r'bboxes\[1\]: expected one \(left, top'):
        GivenBoxes([[(0, 0, 1, 1)], given])
