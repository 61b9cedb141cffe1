import weakref

import numpy as np
import pytest
from small_views import calibration, grey, level, write_images, write_video

from ppt_mmpose.apis.multiview import open_sources

TWO = calibration('left', 'right')
THREE = calibration('left', 'middle', 'right')


def levels(views):
    """Names of instants, and brightness of each view."""
    return [
        (
            name,
            {view: None if image is None else level(image) for view, image in found},
        )
        for name, found in ((name, frames.items()) for name, frames in views)
    ]


def test_folders_are_joined_by_names_and_a_missing_image_is_none(tmp_path):
    write_images(tmp_path / 'a', {'f2': 20, 'f10': 100})
    write_images(tmp_path / 'b', {'f1': 10, 'f10': 110}, suffix='.bmp')
    (tmp_path / 'b' / 'notes.txt').write_text('no image')
    (tmp_path / 'b' / '._f1.png').write_text('what an archive left behind')
    # Given in another order than the calibration's.
    views = open_sources({'right': tmp_path / 'b', 'left': str(tmp_path / 'a')}, THREE)
    assert views.names == views.calibration.names == ('left', 'right')
    assert (len(views), views.length, views.rate) == (3, 3, None)
    assert levels(views) == [
        ('f1', {'left': None, 'right': 10}),
        ('f2', {'left': 20, 'right': None}),
        ('f10', {'left': 100, 'right': 110}),
    ]
    assert list(views) == []


def test_lists_of_files_are_joined_by_names(tmp_path):
    write_images(tmp_path, {'1': 10, '2': 20, '3': 30})
    one, two, three = (tmp_path / f'{number}.png' for number in (1, 2, 3))
    views = open_sources([[two, one], [str(three), str(two)]], TWO)
    assert levels(views) == [
        ('1', {'left': 10, 'right': None}),
        ('2', {'left': 20, 'right': 20}),
        ('3', {'left': None, 'right': 30}),
    ]


def test_single_images_need_no_common_name(tmp_path):
    write_images(tmp_path, {'one': 10, 'two': 20})
    views = open_sources([tmp_path / 'one.png', grey(30)], TWO)
    assert len(views) == 1
    assert levels(views) == [('000000', {'left': 10, 'right': 30})]


def test_videos_are_read_in_step(tmp_path):
    write_video(tmp_path / 'a.mp4', [10, 20, 30], rate=25)
    write_video(tmp_path / 'b.mp4', [110, 120, 130], rate=25)
    views = open_sources([tmp_path / 'a.mp4', str(tmp_path / 'b.mp4')], TWO)
    assert (len(views), views.rate) == (3, 25)
    assert levels(views) == [
        ('000000', {'left': 10, 'right': 110}),
        ('000001', {'left': 20, 'right': 120}),
        ('000002', {'left': 30, 'right': 130}),
    ]


def test_arrays_iterators_and_videos_go_together(tmp_path):
    write_video(tmp_path / 'a.mp4', [10, 20], rate=50)
    frames = [[grey(30), None], (grey(value) for value in (50, 60))]
    views = open_sources([tmp_path / 'a.mp4', *frames], THREE)
    assert (views.length, views.rate) == (None, 50)
    with pytest.raises(TypeError, match='not known before the end'):
        len(views)
    assert levels(views) == [
        ('000000', {'left': 10, 'middle': 30, 'right': 50}),
        ('000001', {'left': 20, 'middle': None, 'right': 60}),
    ]


def test_one_array_of_all_frames_is_a_view():
    stacked = np.stack([grey(10), grey(20)])
    views = open_sources([stacked, [grey(30), grey(40)]], TWO)
    assert len(views) == 2
    assert levels(views)[1] == ('000001', {'left': 20, 'right': 40})


@pytest.mark.parametrize('kind', ['images', 'videos'])
def test_a_plain_folder(tmp_path, kind):
    if kind == 'images':
        write_images(tmp_path / 'left', {'7': 10, '8': 20})
        write_images(tmp_path / 'right', {'8': 30})
        expected = [
            ('7', {'left': 10, 'right': None}),
            ('8', {'left': 20, 'right': 30}),
        ]
    else:
        write_video(tmp_path / 'left.mp4', [10, 20])
        write_video(tmp_path / 'right.mp4', [30, 40])
        expected = [
            ('000000', {'left': 10, 'right': 30}),
            ('000001', {'left': 20, 'right': 40}),
        ]
    views = open_sources(tmp_path, TWO)
    assert len(views) == 2
    assert views.rate == (None if kind == 'images' else 25)
    assert levels(views) == expected


def test_nothing_is_read_ahead_and_no_frame_is_kept():
    alive = weakref.WeakSet()
    read = []

    class Tracked(np.ndarray):
        __hash__ = object.__hash__

    def frames(view):
        for number in range(300):
            frame = grey(number % 256).view(Tracked)
            alive.add(frame)
            read.append((view, number))
            yield frame
            del frame

    most = 0
    for number, _ in enumerate(open_sources([frames(0), frames(1)], TWO)):
        assert len(read) == 2 * (number + 1)
        most = max(most, len(alive))
    assert number == 299
    # Two views, of this instant and of the one before.
    assert most <= 4


def test_frames_of_a_video_are_not_kept(tmp_path):
    for name in ('a.mp4', 'b.mp4'):
        write_video(tmp_path / name, [10] * 300)
    frames = []
    most = 0
    for _, views in open_sources([tmp_path / 'a.mp4', tmp_path / 'b.mp4'], TWO):
        frames.extend(weakref.ref(image) for image in views.values())
        most = max(most, sum(frame() is not None for frame in frames))
    assert len(frames) == 600
    assert most <= 4


def test_folder_images_are_decoded_when_asked_for(tmp_path):
    write_images(tmp_path / 'a', {'1': 10, '2': 20})
    write_images(tmp_path / 'b', {'1': 10, '2': 20})
    broken = tmp_path / 'b' / '2.png'
    broken.write_bytes(b'no image')
    views = open_sources([tmp_path / 'a', tmp_path / 'b'], TWO)
    assert next(views)[0] == '1'
    with pytest.raises(
        ValueError, match=r'b/2\.png: expected an image that OpenCV can'
    ):
        next(views)


def message(pattern):
    return pytest.raises(ValueError, match=pattern)


def test_unknown_cameras_and_too_few_views_are_named():
    frames = [grey(1)]
    with message("^camera 'up': the calibration has left, right$"):
        open_sources({'left': frames, 'up': frames}, TWO)
    with message('^one view only: 3D needs at least two$'):
        open_sources({'left': frames}, TWO)
    with message('^no view: 3D needs at least two$'):
        open_sources({}, TWO)
    with message(
        'inputs: expected one source for each of the 3 cameras left, middle, right, '
        'got 2'
    ):
        open_sources([frames, frames], THREE)
    with message('calibration: expected one with views that are no folder'):
        open_sources([frames, frames])


def test_a_folder_of_one_camera_is_too_little(tmp_path):
    write_images(tmp_path / 'left', {'7': 10})
    with message('^one view only: 3D needs at least two$'):
        open_sources(tmp_path, calibration('left'))


def test_images_without_common_names_are_an_error(tmp_path):
    write_images(tmp_path / 'a', {'a1': 10, 'a2': 10})
    write_images(tmp_path / 'b', {'b1': 10})
    with message(
        r'got no name that two views share '
        r'\(left begins with a1\.png, right begins with b1\.png\)'
    ):
        open_sources([tmp_path / 'a', tmp_path / 'b'], TWO)


def test_two_images_of_one_name_are_an_error(tmp_path):
    write_images(tmp_path, {'1': 10})
    write_images(tmp_path, {'1': 10}, suffix='.jpg')
    with message(
        r"view 'left': .*1\.png: expected one image of this name, got 1\.jpg as well"
    ):
        open_sources([tmp_path, tmp_path], TWO)


def test_lengths_that_are_told_are_compared_before_the_first_frame(tmp_path):
    write_video(tmp_path / 'a.mp4', [10, 20, 30])
    write_video(tmp_path / 'b.mp4', [10, 20])
    videos = [tmp_path / 'a.mp4', tmp_path / 'b.mp4']
    with message('in each, but left has 3, right has 2$'):
        open_sources(videos, TWO)
    with message('left has 3, middle has an unknown number, right has 2$'):
        open_sources([[grey(1)] * 3, iter([]), [grey(1)] * 2], THREE)


def test_a_stream_that_ends_before_the_others_is_named():
    frames = [grey(1)] * 3
    views = open_sources([frames, iter(frames[:2]), frames], THREE)
    assert [next(views)[0], next(views)[0]] == ['000000', '000001']
    with message('but middle ended before instant 000002, which others have'):
        next(views)


def test_a_container_that_lies_is_found_at_the_end(tmp_path, monkeypatch):
    from ppt_mmpose.frames import source

    class Boasting(source.VideoFile):
        length = property(lambda self: 3, lambda self, value: None)

    monkeypatch.setattr(source, 'VideoFile', Boasting)
    write_video(tmp_path / 'a.mp4', [10, 20, 30])
    write_video(tmp_path / 'b.mp4', [10, 20])
    views = open_sources([tmp_path / 'a.mp4', tmp_path / 'b.mp4'], TWO)
    with message('but right ended before instant 000002, which others have'):
        list(views)


def test_rates_that_differ_are_named(tmp_path):
    for name, rate in dict(a=25, b=30, c=25).items():
        write_video(tmp_path / f'{name}.mp4', [10, 20], rate=rate)
    videos = [tmp_path / f'{name}.mp4' for name in 'abc']
    with message(
        'expected one rate, but left has 25 frames a second and middle has 30'
    ):
        open_sources(videos, THREE)


def test_kinds_that_are_joined_differently_do_not_mix(tmp_path):
    write_images(tmp_path / 'a', {'1': 10})
    with message('got left of the former and right of the latter'):
        open_sources([tmp_path / 'a', [grey(1)]], TWO)


@pytest.mark.parametrize(
    ('frame', 'expected'),
    [
        (grey(1)[..., 0], r'of uint8, got \(48, 64\) of uint8'),
        (grey(1).astype(np.float32), r'of uint8, got \(48, 64, 3\) of float32'),
        (np.zeros((48, 64, 4), np.uint8), r'got \(48, 64, 4\) of uint8'),
        ('a.png', 'got str'),
        (
            grey(1, (32, 24)),
            "expected the calibration's image size, 64x48, got 32x24",
        ),
    ],
)
def test_what_is_no_image_of_the_camera_is_named(frame, expected):
    views = open_sources([[grey(1)] * 2, iter([grey(1), frame])], TWO)
    next(views)
    with message(f"^view 'right', instant 000001: .*{expected}"):
        next(views)


def test_sizes_that_the_calibration_does_not_know_are_free():
    views = open_sources(
        [[grey(1, (8, 6))], [grey(1)]], calibration('a', 'b', size=None)
    )
    assert next(views)[1]['a'].shape == (6, 8, 3)
