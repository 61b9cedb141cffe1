import cv2
import numpy as np

from ppt_mmpose.frames import PictureFiles, VideoFile


def test_single_pictures_replace_old_ones(tmp_path):
    files = PictureFiles(tmp_path / 'a', None)
    for level in (0, 250):
        files.write('x', np.full((8, 8, 3), level, np.uint8))
    files.close()
    assert cv2.imread(str(tmp_path / 'a' / 'x.jpg')).min() > 240


def test_a_rate_makes_a_video(tmp_path):
    files = PictureFiles(tmp_path / 'a', 10)
    for level in (0, 250):
        files.write('x', np.full((16, 16, 3), level, np.uint8))
    files.close()
    video = VideoFile(tmp_path / 'a.mp4')
    assert video.rate == 10
    assert [round(frame.mean() / 250) for frame in video] == [0, 1]
    assert not (tmp_path / 'a').exists()
