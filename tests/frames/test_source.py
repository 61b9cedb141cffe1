import numpy as np
import pytest
from small_views import grey, level, write_images, write_video

from ppt_mmpose.frames.source import frame_source


def test_lengths_and_rates(tmp_path):
    write_images(tmp_path, {'b': 20, 'a': 10})
    write_video(tmp_path / 'v.mp4', [10, 20], rate=30)
    assert list(frame_source(tmp_path)) == ['a', 'b']
    video = frame_source(tmp_path / 'v.mp4')
    assert (video.length, video.rate) == (2, 30)
    image = frame_source(str(tmp_path / 'b.png'))
    assert (image.length, image.rate) == (1, None)
    assert [level(frame) for frame in image] == [20]
    assert frame_source([grey(1)] * 3).length == 3
    assert frame_source(np.zeros((5, 4, 4, 3), np.uint8)).length == 5
    assert frame_source(np.zeros((5, 4, 3), np.uint8)).length == 1
    assert frame_source(iter([grey(1)])).length is None


def test_what_is_no_source_is_named(tmp_path):
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'notes.txt').write_text('')
    (tmp_path / 'broken.mp4').write_bytes(b'no video')
    write_images(tmp_path, {'a': 10})
    image = tmp_path / 'a.png'
    for source, expected in (
        (7, '^expected a folder, a video, image files or images in memory, got int$'),
        ([], '^expected one frame or more, got none$'),
        (np.zeros((0, 4, 4, 3)), '^expected one frame or more, got none$'),
        (tmp_path / 'empty', 'empty: expected a folder of images, got none in it'),
        (tmp_path / 'none.mp4', r'none\.mp4: expected a folder or a file, got none'),
        (
            tmp_path / 'notes.txt',
            r"notes\.txt: expected an image or a video, got '\.txt'",
        ),
        (
            tmp_path / 'broken.mp4',
            r'broken\.mp4: expected a video that OpenCV can read',
        ),
        ([image, 'clip.mp4'], "expected image files only, got 'clip.mp4'"),
        ([image, 3], "expected image files only, got '3'"),
        ([image, 'b.png'], r'b\.png: expected an image, got no such file'),
        (
            [image, image],
            r'a\.png: expected one image of this name, got a\.png as well',
        ),
    ):
        with pytest.raises(ValueError, match=expected):
            frame_source(source)
