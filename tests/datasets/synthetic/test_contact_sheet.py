import cv2
import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic import contact_sheet, make_dataset


def test_pictures_lie_side_by_side_and_the_last_row_is_labelled(tmp_path):
    files = make_dataset(str(tmp_path), train=6, val=1, size=(48, 64))
    sheet = contact_sheet(files['train'], columns=3, rows=2)
    assert sheet.shape == (128, 144, 3)
    pictures = [cv2.imread(str(p)) for p in sorted((tmp_path / 'train').iterdir())]
    np.testing.assert_array_equal(sheet[:64, 48:96], pictures[1])
    changed = (sheet[64:, 48:96] != pictures[4]).any(-1).mean()
    assert 0.005 < changed < 0.4


def test_too_few_pictures_are_refused(tmp_path):
    files = make_dataset(str(tmp_path), train=2, val=1, size=(48, 64))
    with pytest.raises(ValueError, match='expected 24 pictures or more, got 2'):
        contact_sheet(files['train'])
