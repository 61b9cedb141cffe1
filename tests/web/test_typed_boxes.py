import numpy as np
import pytest

pytest.importorskip('gradio')

from ppt_mmpose.web.typed_boxes import typed_boxes


def test_boxes_as_people_type_them():
    one = np.array([[1, 2.5, 30, 40]], np.float32)
    for text in ('1, 2.5, 30, 40', ' 1 2.5 30 40;', '1,2.5,30,40\n'):
        np.testing.assert_array_equal(typed_boxes(text, (100, 50)), one)
    two = typed_boxes('1,2.5,30,40; 5,6,7,8')
    np.testing.assert_array_equal(two, [one[0], [5, 6, 7, 8]])
    assert typed_boxes('  ') is None


@pytest.mark.parametrize(
    'text', ['1,2,3', 'a,b,c,d', '3,1,2,4', '1,4,2,3', '0,0,inf,9']
)
def test_what_is_no_box(text):
    with pytest.raises(ValueError, match='^box: expected left, top, right, bottom'):
        typed_boxes(text)


def test_a_box_outside_the_image():
    with pytest.raises(ValueError, match='the image of 100x50 px, got .0,50,9,60'):
        typed_boxes('0,50,9,60', (100, 50))
    with pytest.raises(ValueError, match='the image of 100x50 px'):
        typed_boxes('-9,0,0,60', (100, 50))
