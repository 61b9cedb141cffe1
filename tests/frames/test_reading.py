from pathlib import Path

import cv2
import numpy as np
import pytest
from small_views import grey, level, write_images, write_video

from ppt_mmpose.frames.reading import (
    VideoFile,
    by_stem,
    images_in,
    natural_order,
    read_image,
)


def test_numbers_in_names_count_as_numbers():
    stems = ['f10', 'f2', '000010', '9', 'f2b', 'f02', 'a']
    expected = ['9', '000010', 'a', 'f02', 'f2', 'f2b', 'f10']
    assert sorted(stems, key=natural_order) == expected


def test_images_of_a_folder(tmp_path):
    write_images(tmp_path, {'10': 10, '9': 10}, suffix='.JPG')
    (tmp_path / '.8.jpg').write_text('hidden')
    (tmp_path / '7.mp4').write_text('no image')
    (tmp_path / 'deeper').mkdir()
    assert list(images_in(tmp_path)) == ['9', '10']
    assert images_in(tmp_path)['9'] == tmp_path / '9.JPG'


def test_two_files_of_one_stem_are_named():
    with pytest.raises(
        ValueError, match=r'^1\.png: expected one .* got 1\.jpg as well'
    ):
        by_stem([Path('1.png'), Path('1.jpg')])


def test_images_are_colour_whatever_the_file_is(tmp_path):
    cv2.imwrite(str(tmp_path / 'grey.png'), grey(70)[..., 0])
    cv2.imwrite(str(tmp_path / 'deep.png'), grey(70).astype(np.uint16) * 257)
    for name in ('grey', 'deep'):
        image = read_image(tmp_path / f'{name}.png')
        assert (image.shape, image.dtype) == ((48, 64, 3), np.uint8)
        assert level(image) == 70


def test_frames_between_are_left_out(tmp_path):
    write_video(tmp_path / 'v.mp4', [10, 20, 30, 40, 50, 60, 70], rate=12.5)
    video = VideoFile(tmp_path / 'v.mp4')
    assert (video.length, video.rate) == (7, 12.5)
    assert [level(frame) for frame in video.frames(start=1, every=3)] == [20, 50]
    again = VideoFile(tmp_path / 'v.mp4')
    assert [level(frame) for frame in again] == [10, 20, 30, 40, 50, 60, 70]
    assert list(VideoFile(tmp_path / 'v.mp4').frames(start=7)) == []


def test_a_container_without_numbers_tells_none(tmp_path, monkeypatch):
    write_video(tmp_path / 'v.mp4', [10])

    class Silent:
        def __init__(self, path):
            pass

        def isOpened(self):  # noqa: N802
            return True

        def get(self, which):
            return {cv2.CAP_PROP_FRAME_COUNT: -9e15}.get(which, float('nan'))

    monkeypatch.setattr(cv2, 'VideoCapture', Silent)
    video = VideoFile(tmp_path / 'v.mp4')
    assert (video.length, video.rate) == (None, None)


def test_files_that_are_no_videos_or_images_are_named(tmp_path):
    (tmp_path / 'v.mp4').write_bytes(b'no video')
    with pytest.raises(ValueError, match=r'v\.mp4: expected a video that OpenCV can'):
        VideoFile(tmp_path / 'v.mp4')
    with pytest.raises(ValueError, match=r'w\.mp4: expected a video, got no such file'):
        VideoFile(tmp_path / 'w.mp4')
    (tmp_path / 'i.png').write_bytes(b'no image')
    with pytest.raises(ValueError, match=r'i\.png: expected an image that OpenCV can'):
        read_image(tmp_path / 'i.png')
