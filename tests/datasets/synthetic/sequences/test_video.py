import cv2
import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.video import (
    Companion,
    beside,
    drawn_frames,
    people_boxes,
    scaled,
    write_video,
)

PLAN = SequencePlan(frames=4, cameras=1, size=256)


def test_a_video_has_all_frames(tmp_path):
    path = tmp_path / 'walk.mp4'
    write_video(str(path), PLAN.draw(0), 0, width=64)
    video = cv2.VideoCapture(str(path))
    frames = []
    while (frame := video.read())[0]:
        frames.append(frame[1].astype(int))
    assert len(frames) == 4
    assert video.get(cv2.CAP_PROP_FPS) == 50
    drawn = list(drawn_frames(PLAN.draw(0), 0, width=64))
    assert np.abs(frames[0] - drawn[0]).mean() < 12  # BGR in both, but for the codec
    assert (
        np.abs(frames[0] - drawn[0][..., ::-1]).mean()
        > np.abs(frames[0] - drawn[0]).mean()
    )
    # Only who moves changes.
    changed = np.abs(drawn[0].astype(int) - drawn[3]).max(-1) > 25
    assert changed.mean() < 0.1


def test_a_smaller_image_shows_the_same():
    camera = PLAN.draw(0).cameras[0]
    small = scaled(camera, 64)
    points = np.array([[0.3, -0.2, 1.4]])
    whole, half = camera.project(points)[0], small.project(points)[0]
    # Of pixels whose centres are whole numbers.
    np.testing.assert_allclose((half + 0.5) * 4, whole + 0.5)


def test_somebody_moves_beside_them():
    sequence = PLAN.draw(0)
    other = beside(sequence, 4, 0)
    alone, together = (
        next(drawn_frames(sequence, 0, width=96, companions=companions)).astype(int)
        for companions in ((), (other,))
    )
    boxes = people_boxes(sequence, 0, width=96, companions=(other,))
    assert list(boxes) == [0, 1, 2, 3]
    first, second = np.array(boxes[0]).round().astype(int)
    # 1.1 m to the left of where they would be.
    straight = people_boxes(
        sequence, 0, width=96, companions=(Companion(other.sequence),)
    )
    assert boxes[0][1][0] < straight[0][1][0] - 5
    assert boxes[0][0] == straight[0][0]
    changed = np.abs(together - alone).max(-1) > 30
    left, top, right, bottom = second
    assert changed[top:bottom, left:right].mean() > 0.1
    changed[top:, left:right] = False
    # Beyond the box there is nothing new but a shadow.
    assert changed.mean() < 0.05
    assert first[0] != second[0]


def test_other_names_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r'expected a name that ends with \.mp4'):
        write_video(str(tmp_path / 'walk.avi'), PLAN.draw(0), 0, width=64)
