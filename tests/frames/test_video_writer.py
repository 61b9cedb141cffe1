import cv2
import numpy as np
import pytest

from ppt_mmpose.frames import VideoWriter

COLORS = [(250, 10, 10), (10, 250, 10), (10, 10, 250)]


def picture(color, size=(64, 48)):
    return np.full((size[1], size[0], 3), color, np.uint8)


def frames(path):
    video, found = cv2.VideoCapture(str(path)), []
    while (read := video.read())[0]:
        found.append(read[1][..., ::-1])
    return found, video.get(cv2.CAP_PROP_FPS)


@pytest.mark.parametrize('size', [(64, 48), (63, 47)])
def test_a_video_has_the_pictures_in_their_colours(size, tmp_path):
    path = tmp_path / 'new' / 'walk.mp4'
    with VideoWriter(path, 12.5) as video:
        for color in COLORS:
            video.write(picture(color, size))
    found, rate = frames(path)
    assert rate == 12.5
    assert len(found) == 3
    for one, color in zip(found, COLORS):
        assert one.shape == (48, 64, 3)
        assert np.abs(one.astype(int) - color).max() < 25


def test_an_error_leaves_the_pictures_before_it(tmp_path):
    path = tmp_path / 'walk.mp4'
    message = 'walk.mp4: expected a picture of 64x48 px like the first, got 32x48'
    with (  # noqa: PT012
        pytest.raises(ValueError, match=message),
        VideoWriter(path, 10) as video,
    ):
        video.write(picture(COLORS[0]))
        video.write(picture(COLORS[0], (32, 48)))
    assert len(frames(path)[0]) == 1


def test_a_file_stays_until_the_first_picture_comes(tmp_path):
    path = tmp_path / 'walk.mp4'
    path.write_text('old')
    with VideoWriter(path, 10):
        pass
    assert path.read_text() == 'old'


def test_what_cannot_be_written_is_named(tmp_path):
    (tmp_path / 'a.mp4').mkdir()
    with (
        pytest.raises(OSError, match='a.mp4: OpenCV cannot write 64x48 px with the co'),
        VideoWriter(tmp_path / 'a.mp4', 10) as video,
    ):
        video.write(picture(COLORS[0]))
    with pytest.raises(ValueError, match=r'a.avi: expected a name that ends with .mp4'):
        VideoWriter('a.avi', 10)
    with pytest.raises(ValueError, match='rate: expected pictures a second, got 0'):
        VideoWriter('a.mp4', 0)
