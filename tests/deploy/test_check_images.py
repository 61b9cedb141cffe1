import cv2
import numpy as np
import pytest
import torch
from drawn_people import draw
from small_export import build, config

from ppt_mmpose.deploy.check_images import check_images


@pytest.fixture(scope='module')
def model():
    return build()


def test_drawn_people_when_nothing_is_given(model):
    found = check_images(model, config())
    assert found.inputs.shape == (8, 3, 128, 96)
    assert found.names[0] == 'drawn person 1'
    # Different ones, and the same every time.
    assert not torch.equal(found.inputs[0], found.inputs[1])
    assert torch.equal(found.inputs, check_images(model, config()).inputs)


def test_files_and_folders_of_images(model, tmp_path):
    folder = draw(tmp_path / 'people', count=2)
    one = np.full((300, 225, 3), (10, 100, 200), np.uint8)
    cv2.imwrite(str(tmp_path / 'one.png'), one)
    found = check_images(model, config(), [str(tmp_path / 'one.png'), str(folder)])
    names = ['one.png', '000000000001.jpg', '000000000002.jpg']
    assert [name.rpartition('/')[2] for name in found.names] == names
    # BGR as OpenCV wrote it, to RGB; the middle is the image itself.
    mean, std = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
    expected = (np.array((200, 100, 10)) - mean) / std
    np.testing.assert_allclose(found.inputs[0, :, 64, 48], expected, atol=1e-5)


def test_the_crop_is_that_of_mmposes_pipeline(model, coco_sample):
    from mmengine.dataset import Compose

    path = str(sorted((coco_sample / 'images').iterdir())[0])
    found = check_images(model, config(), [path])
    height, width = cv2.imread(path).shape[:2]
    read = Compose(config().test_dataloader.dataset.pipeline)
    data = dict(img_path=path, bbox=np.array([[0, 0, width, height]], np.float32))
    sample = read(data | dict(bbox_score=np.ones(1)))
    expected = model.data_preprocessor(
        dict(inputs=[sample['inputs']], data_samples=[sample['data_samples']])
    )['inputs']
    # Two ways to decode a JPEG.
    assert abs(found.inputs - expected).mean() < 0.02


def test_what_is_missing_is_named(model, tmp_path):
    with pytest.raises(FileNotFoundError, match='images: expected .* none at nobody'):
        check_images(model, config(), ['nobody.jpg'])
    (tmp_path / 'empty').mkdir()
    with pytest.raises(FileNotFoundError, match='found none at .*empty'):
        check_images(model, config(), [str(tmp_path / 'empty')])
    (tmp_path / 'text.jpg').write_text('no image')
    with pytest.raises(ValueError, match='images: expected an image, got .*text.jpg'):
        check_images(model, config(), [str(tmp_path / 'text.jpg')])
