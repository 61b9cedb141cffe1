"""What happens when something is clicked, and when something is wrong."""

import json
import shutil

import cv2
import numpy as np
import pytest
from made_estimator import frame
from mmengine.registry import init_default_scope
from ring_recording import SIZE, people, ring
from small_configs import ppt, with_weights

pytest.importorskip('gradio')

import gradio as gr
from made_web_models import knowing

from ppt_mmpose.calibration import write_calibration
from ppt_mmpose.frames import VideoWriter
from ppt_mmpose.web import GivenModels
from ppt_mmpose.web.cameras_tab import FROM_CAMERAS, CamerasCallback, drawn
from ppt_mmpose.web.image_tab import ImageCallback
from ppt_mmpose.web.messages import told
from ppt_mmpose.web.video_tab import VideoCallback
from ppt_mmpose.web.video_tab import drawn as drawn_person


@pytest.fixture(scope='module')
def image_callback(tmp_path_factory):
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('ppt')
    config = ppt(folder)
    weights = with_weights(config, folder)
    return ImageCallback(
        GivenModels(pose2d=config, pose2d_weights=weights, device='cpu')
    )


@pytest.fixture
def image(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (120, 100, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'noise.png'), noise)
    return str(tmp_path / 'noise.png')


@pytest.fixture
def views(tmp_path):
    """Images of four cameras and their calibration, for the estimator that knows."""
    write_calibration(ring(4), tmp_path / 'cameras.toml', format='anipose')
    files = []
    for view in range(4):
        files.append(str(tmp_path / f'cam{view}.png'))
        cv2.imwrite(files[-1], frame(view, 1, SIZE))
    return files, str(tmp_path / 'cameras.toml')


def message(work, *args):
    with pytest.raises(gr.Error) as raised:
        told(work)(*args)
    assert not raised.value.print_exception
    return raised.value.message


def test_an_image_and_another_ratio(image_callback, image):
    text, picture, kept, boxes = image_callback.new(image, 0.5, '')
    assert '64 of 256' in text
    text, other, others, again = image_callback.moved(image, 0.9, boxes)
    assert '208 of 256' in text
    np.testing.assert_array_equal(again, boxes)
    assert others.shape == kept.shape
    assert (others != kept).any()
    assert other.shape == picture.shape
    *_, boxes = image_callback.asked(image, 0.5, '10, 10, 60, 90')
    assert boxes.tolist() == [[10, 10, 60, 90]]
    assert image_callback.new(None, 0.5, '') == ('', None, None, None)
    assert image_callback.moved(None, 0.5, None) == ('', None, None, None)


def test_wrong_images(image_callback, image, tmp_path):
    work = image_callback.asked
    assert message(work, None, 0.5, '') == 'image: expected one, got none'
    broken = tmp_path / 'broken.jpg'
    broken.write_bytes(b'no image')
    assert message(work, str(broken), 0.5, '').endswith(
        'expected an image that OpenCV can decode'
    )
    assert message(work, image, 0.5, '1, 2').startswith('box: expected left, top,')
    # It goes on.
    assert '1 person' in work(image, 0.5, '')[0]


def test_what_nobody_thought_of_is_told_and_logged(caplog):
    def work():
        return {}['<key>']

    told_ = message(work)
    assert told_.startswith("KeyError: '&lt;key&gt;'. The terminal")


def test_folders_of_uploads_are_not_told(tmp_path, monkeypatch):
    monkeypatch.setenv('GRADIO_TEMP_DIR', str(tmp_path))

    def work():
        raise ValueError(f'{tmp_path}/0a1b/left.jpg: expected <one>')

    assert message(work) == 'left.jpg: expected &lt;one&gt;'


def test_cameras(views):
    files, calibration = views
    callback = CamerasCallback(knowing())
    text, picture, figure, view = callback(files, calibration, FROM_CAMERAS, None, True)
    assert text == (
        'Seen by 4 of 4 cameras · 17 of 17 keypoints in 3D · the views agree to 0.0 px'
    )
    assert picture.ndim == 3
    assert figure.data[-1].text == ('cam0', 'cam1', 'cam2', 'cam3')
    np.testing.assert_allclose(figure.data[1].z, people(2)[1][:, 2], atol=6e-4)
    assert len(drawn(view, False).data) == 3
    assert drawn(None, True) is None
    *_, view = callback(files[:2], calibration, '-z', None, True)
    assert view.up == '-z'
    assert view.calibration.names == ('cam0', 'cam1')


def test_where_the_person_is_before_the_cameras(views, tmp_path):
    files, calibration = views
    boxes = tmp_path / 'boxes.json'
    boxes.write_text(json.dumps(dict(cam0=[0, 0, *SIZE], cam2=[0, 0, *SIZE])))
    callback = CamerasCallback(knowing())
    text, *_ = callback(files, calibration, FROM_CAMERAS, str(boxes), True)
    assert text.startswith('Seen by 2 of 4 cameras · 17 of 17')
    boxes.write_text(json.dumps(dict(cam0=[0, 0, 1, 1], cam2=[0, 0, 1, 1])))
    text, _, figure, _ = callback(files, calibration, FROM_CAMERAS, str(boxes), True)
    assert text.endswith(
        'no two views agree: look at the keypoints and the calibration'
    )
    assert figure is None


def test_wrong_cameras(views, tmp_path):
    files, calibration = views
    work = CamerasCallback(knowing())

    def given(images, calibration, boxes=None):
        return message(work, images, calibration, FROM_CAMERAS, boxes, True)

    assert given([], calibration) == 'images: expected one of each camera, got none'
    assert given(files, None) == 'calibration: expected a file, got none'
    assert given(files[:1], calibration) == 'one view only: 3D needs at least two'
    other = tmp_path / 'cam9.png'
    shutil.copy(files[0], other)
    assert 'cam9' in given([*files, str(other)], calibration)
    wrong = tmp_path / 'wrong.toml'
    wrong.write_text('a = 1')
    assert 'wrong.toml' in given(files, str(wrong))
    cv2.imwrite(files[0], np.zeros((9, 9, 3), np.uint8))
    assert "expected the calibration's image size" in given(files, calibration)


@pytest.fixture
def video(tmp_path):
    with VideoWriter(tmp_path / 'sway.webm', 10.0) as writer:
        for number in range(8):
            writer.write(np.full((80, 96, 3), 20 * number, np.uint8))
    return str(tmp_path / 'sway.webm')


def test_a_video(video):
    told_ = []
    # Its files go with it.
    callback = VideoCallback(knowing())
    text, shown, choice, figure, files, view = callback.asked(
        video, '', lambda done, desc: told_.append((done, desc))
    )
    assert text.startswith('8 frames of 96x80 px, 0.8 s at 10 a second\n\n- person 0')
    assert choice.choices == [('person 0', 0), ('person 2', 2)]
    assert choice.visible
    assert [frame.name for frame in figure.frames] == [str(n) for n in range(8)]
    second = drawn_person(view, 2)
    assert [frame.name for frame in second.frames] == [str(n) for n in range(3, 8)]
    assert drawn_person(None, 2) is None
    names = {path.rpartition('/')[2] for path in files}
    suffixes = ('npz', 'csv', 'json', 'trc', 'bvh')
    assert {f'person_{who}.{suffix}' for who in (0, 2) for suffix in suffixes} <= names
    capture = cv2.VideoCapture(shown)
    assert capture.get(cv2.CAP_PROP_FPS) == 10
    assert sum(1 for _ in iter(lambda: capture.read()[0], False)) == 8
    assert {desc for _, desc in told_} == {
        'Finding people',
        'Finding poses',
        'Drawing',
    }
    assert told_[-1][0] == 1


def test_wrong_videos(tmp_path, video):
    work = VideoCallback(knowing()).asked
    assert message(work, None) == 'video: expected one, got none'
    broken = tmp_path / 'broken.mp4'
    broken.write_bytes(b'no video')
    assert 'expected a video that OpenCV can read' in message(work, str(broken))
    assert message(work, video, '1,2,3').startswith('box: expected left, top,')
