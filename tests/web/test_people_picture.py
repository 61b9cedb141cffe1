import numpy as np
import pytest
from made_estimator import COCO_META

pytest.importorskip('gradio')

from ppt_mmpose.apis.pose_2d import People
from ppt_mmpose.web.people_picture import draw_people

NOSE = COCO_META['keypoint_colors'][0].tolist()


def drawn(image, count, **options):
    keypoints = np.zeros((count, 17, 2))
    keypoints[:, 0, 0] = 20 + 40 * np.arange(count)
    keypoints[:, 0, 1] = 30
    scores = np.zeros((count, 17))
    scores[:, 0] = 0.5
    boxes = [[10 + 40 * number, 20, 30 + 40 * number, 50] for number in range(count)]
    people = People(keypoints, scores, np.array(boxes, float).reshape(-1, 4))
    return draw_people(image, people, COCO_META, **options)


def test_keypoints_are_where_the_enlarged_image_has_them():
    picture = drawn(np.zeros((60, 90, 3), np.uint8), 1)
    assert picture.shape == (480, 720, 3)
    # 8 times as large: the middle of pixel 20 is at 163.5.
    near = picture[243 - 2 : 243 + 3, 163 - 2 : 163 + 3].reshape(-1, 3)
    assert (near == NOSE).all(1).any()
    assert not picture[:, 400:].any()
    # A single person has no box.
    assert not picture[:200].any()


def test_several_people_have_boxes():
    picture = drawn(np.zeros((60, 90, 3), np.uint8), 2)
    assert (picture[20 * 8, 12 * 8 : 28 * 8] > 200).all(1).any()
    assert (picture[20 * 8, 52 * 8 : 68 * 8] > 200).all(1).any()


def test_low_scores_are_not_drawn_and_nobody_is_no_error():
    image = np.full((60, 90, 3), 7, np.uint8)
    assert (drawn(image, 1, threshold=0.6) == 7).all()
    assert (drawn(image, 0) == 7).all()
    assert (image == 7).all()
