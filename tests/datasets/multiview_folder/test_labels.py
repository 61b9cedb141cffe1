import pytest

from ppt_mmpose.datasets.multiview_folder import labelled_boxes


def labels(*of_images):
    images = [
        dict(id=10 * number, file_name=name)
        for number, name in enumerate(('left/0.jpg', 'left/1.jpg', 'right/1.png'))
    ]
    annotations = [
        dict(image_id=image, bbox=[1.0, 2.0, 30.0, 40.0 + image]) for image in of_images
    ]
    return dict(images=images, annotations=annotations, categories=[])


def test_boxes_by_camera_and_instant():
    assert labelled_boxes(labels(20, 0), ('left', 'right')) == dict(
        left={'0': (1, 2, 31, 42)}, right={'1': (1, 2, 31, 62)}
    )


def test_two_people_in_an_image():
    expected = '^annotations: expected one person in left/1, got several$'
    with pytest.raises(ValueError, match=expected):
        labelled_boxes(labels(10, 20, 10), ('left', 'right'))
