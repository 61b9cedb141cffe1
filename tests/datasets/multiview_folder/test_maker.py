import os

import pytest
import torch
from small_views import SIZE, calibration, level, write_images, write_video

from ppt_mmpose.calibration import read_calibration
from ppt_mmpose.datasets.multiview_folder import Selection, make_folder
from ppt_mmpose.frames.reading import VideoFile, read_image

THREE = calibration('left', 'middle', 'right', size=None)


@pytest.fixture
def videos(tmp_path):
    write_video(tmp_path / 'GX01.mp4', [10, 20, 30, 40, 50], rate=50)
    write_video(tmp_path / 'GX02.mp4', [110, 120, 130, 140], rate=50)
    return dict(right=tmp_path / 'GX01.mp4', left=tmp_path / 'GX02.mp4')


@pytest.fixture
def images(tmp_path):
    write_images(tmp_path / 'a', {'1': 10, '2': 20})
    write_images(tmp_path / 'b', {'2': 30, '3': 40}, suffix='.bmp')
    return dict(left=tmp_path / 'a', right=tmp_path / 'b')


def contents(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob('*') if p.is_file())


def message(pattern):
    return pytest.raises(ValueError, match=pattern)


def test_videos_are_cut_to_images(videos, tmp_path):
    selection = Selection(start={'right': 1}, every=2)
    folder = make_folder(tmp_path / 'out', videos, THREE, selection=selection)
    assert contents(tmp_path / 'out') == [
        'calibration.toml',
        'left/000000.jpg',
        'left/000001.jpg',
        'right/000000.jpg',
        'right/000001.jpg',
    ]
    found = [
        [level(read_image(path)) for path in folder.images(name).values()]
        for name in folder.instants
    ]
    assert found == [[110, 20], [130, 40]]
    # Only the cameras that were given, with the sizes of their images.
    written = read_calibration(tmp_path / 'out' / 'calibration.toml')
    expected = THREE.select(['left', 'right'])
    assert written.names == ('left', 'right')
    assert written.image_sizes == (SIZE, SIZE)
    for field in ('intrinsics', 'rotation', 'translation', 'distortion'):
        assert torch.allclose(
            getattr(written.cameras, field), getattr(expected.cameras, field)
        )


def test_image_files_are_linked_or_copied(images, tmp_path):
    linked = make_folder(tmp_path / 'linked', images, THREE)
    copied = make_folder(tmp_path / 'copied', images, THREE, copy=True)
    assert linked.instants == copied.instants == ('1', '2', '3')
    assert linked.images('1')['right'] is None
    for folder, is_link in ((linked, True), (copied, False)):
        path = folder.images('3')['right']
        assert path == folder.path / 'right' / '3.bmp'
        assert path.is_symlink() is is_link
        assert path.read_bytes() == (images['right'] / '3.bmp').read_bytes()


def test_links_hold_when_sources_are_given_relatively(images, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = make_folder('deep/out', dict(left='a', right='b'), THREE)
    assert level(read_image(folder.images('2')['left'])) == 20


def test_single_images_are_one_instant(tmp_path):
    write_images(tmp_path, {'x': 10, 'y': 20})
    given = dict(left=tmp_path / 'x.png', right=tmp_path / 'y.png')
    folder = make_folder(tmp_path / 'out', given, THREE)
    assert folder.instants == ('000000',)
    assert [level(read_image(p)) for p in folder.images('000000').values()] == [10, 20]


def test_whole_videos_stay_as_they_are(videos, tmp_path):
    write_video(videos['right'], [10, 20, 30, 40], rate=50)
    folder = make_folder(tmp_path / 'out', videos, THREE, kind='videos', copy=True)
    assert contents(tmp_path / 'out') == ['calibration.toml', 'left.mp4', 'right.mp4']
    assert folder.videos['left'].read_bytes() == videos['left'].read_bytes()
    assert folder.rate == 50


def test_videos_are_encoded_when_some_frames_are_left_out(videos, tmp_path):
    selection = Selection(start={'right': 1}, every=2)
    options = dict(selection=selection, kind='videos')
    folder = make_folder(tmp_path / 'out', videos, THREE, **options)
    assert (folder.rate, len(folder.instants)) == (25, 2)
    found = [frame.mean() for frame in VideoFile(folder.videos['right'])]
    # OpenCV's encoder makes frames a little darker, here for the second time.
    assert found == pytest.approx([20, 40], abs=8)
    again = make_folder(tmp_path / 'again', videos, THREE, **options, rate=10)
    assert again.rate == 10


def test_images_become_videos(images, tmp_path):
    selection = Selection(by_order=True)
    folder = make_folder(
        tmp_path / 'out', images, THREE, selection=selection, kind='videos'
    )
    assert (folder.rate, len(folder.instants)) == (30, 2)
    assert [level(f) for f in VideoFile(folder.videos['right'])] == [30, 40]
    with message(
        "camera 'right', instant 1: expected an image, as videos have no gaps"
    ):
        make_folder(tmp_path / 'gaps', images, THREE, kind='videos')
    (tmp_path / 'b' / '3.bmp').unlink()
    write_images(tmp_path / 'b', {'3': 10}, size=(32, 48))
    with message('expected the size of the first image, 64x48, got 32x48'):
        make_folder(
            tmp_path / 'sizes', images, THREE, selection=selection, kind='videos'
        )


def test_a_folder_is_there_whole_or_not_at_all(videos, tmp_path):
    before = sorted(os.listdir(tmp_path))
    with message('but left has 4, right has 5$'):
        make_folder(tmp_path / 'out', videos, THREE)
    with message('but left has 4, right has 5$'):
        make_folder(tmp_path / 'out', videos, THREE, kind='videos')
    with message(
        "camera 'left': expected the calibration's image size, 99x48, got 64x48"
    ):
        make_folder(
            tmp_path / 'out',
            videos,
            calibration('left', 'right', size=(99, 48)),
            selection=Selection(shortest=True),
        )
    assert sorted(os.listdir(tmp_path)) == before
    (tmp_path / 'out').mkdir(mode=0o755)
    make_folder(tmp_path / 'out', videos, THREE, selection=Selection(shortest=True))
    assert (tmp_path / 'out').stat().st_mode & 0o700 == 0o700
    files = contents(tmp_path / 'out')
    with message('out: expected to make this folder, but it is there'):
        make_folder(tmp_path / 'out', videos, THREE)
    assert contents(tmp_path / 'out') == files


def test_permissions_are_those_of_any_new_folder(images, tmp_path):
    (tmp_path / 'any').mkdir()
    folder = make_folder(tmp_path / 'out', images, THREE)
    assert folder.path.stat().st_mode == (tmp_path / 'any').stat().st_mode


def test_wrong_arguments_are_named(images, tmp_path):
    out = tmp_path / 'out'
    with message("^camera 'up': the calibration has left, middle, right$"):
        make_folder(out, {**images, 'up': tmp_path}, THREE)
    with message('^cameras: expected one or more, got none$'):
        make_folder(out, {}, THREE)
    with message("^start: expected one of left, right, got 'middle'$"):
        make_folder(out, images, THREE, selection=Selection(start={'middle': 1}))
    with message("^kind: expected 'images' or 'videos', got 'video'$"):
        make_folder(out, images, THREE, kind='video')
    for options in (dict(rate=25), dict(rate=0, kind='videos')):
        with message('^rate: expected one above 0, for videos only, got (25|0)$'):
            make_folder(out, images, THREE, **options)
    (tmp_path / 'empty').mkdir()
    for source, expected in (
        (tmp_path / 'empty', 'expected images in the folder .*empty, got none'),
        (tmp_path / 'no.mp4', r"^camera 'right': expected .*mp4, got no such file"),
        (__file__, 'a folder of images, a video or an image, got .*_maker.py$'),
    ):
        with message(expected):
            make_folder(out, {**images, 'right': source}, THREE)
    with message('expected a name that a folder may have; rename it in the'):
        make_folder(out, {'.hidden': tmp_path / 'a'}, calibration('.hidden'))
    assert not out.exists()
