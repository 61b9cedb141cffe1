from pathlib import Path

import pytest
from small_views import level, write_video

from ppt_mmpose.datasets.multiview_folder.selection import Selection
from ppt_mmpose.frames.reading import VideoFile


def files(*stems):
    return {stem: Path(f'{stem}.png') for stem in stems}


def stems(instants):
    """Of each instant the name and the stems of its files."""
    return [
        (name, *(frame and frame.stem for frame in frames.values()))
        for name, frames in instants
    ]


def test_image_files_are_joined_by_name():
    sources = {'a': files('1', '2', '3'), 'b': files('2', '3', '4', '5')}
    count, instants = Selection().instants(sources)
    assert count == 5
    assert stems(instants) == [
        ('1', '1', None),
        ('2', '2', '2'),
        ('3', '3', '3'),
        ('4', None, '4'),
        ('5', None, '5'),
    ]
    count, instants = Selection(every=2).instants(sources)
    assert count == 3
    assert [name for name, _ in instants] == ['1', '3', '5']
    with pytest.raises(ValueError, match='shortest: expected frames that are joined'):
        Selection(shortest=True).instants(sources)


def test_image_files_are_joined_by_order_when_asked_or_with_a_start():
    sources = {'a': files('1', '2', '3'), 'b': files('8', '9')}
    count, instants = Selection(start={'a': 1}).instants(sources)
    assert count == 2
    assert stems(instants) == [('000000', '2', '8'), ('000001', '3', '9')]
    count, instants = Selection(by_order=True, shortest=True).instants(sources)
    assert count == 2
    assert stems(instants) == [('000000', '1', '8'), ('000001', '2', '9')]
    with pytest.raises(ValueError, match='but a has 3, b has 2'):
        Selection(by_order=True).instants(sources)


def test_videos_start_and_skip(tmp_path):
    write_video(tmp_path / 'a.mp4', range(10, 110, 10))
    sources = {'a': VideoFile(tmp_path / 'a.mp4'), 'b': files(*'12345678')}
    selection = Selection(start={'a': 2}, every=3)
    count, instants = selection.instants(sources)
    found = [(name, level(frames['a']), frames['b'].stem) for name, frames in instants]
    assert count == 3
    assert found == [('000000', 30, '1'), ('000001', 60, '4'), ('000002', 90, '7')]


def test_what_takes_all():
    assert Selection(start={'a': 0}).takes_all()
    for other in (
        Selection(start={'a': 1}),
        Selection(every=2),
        Selection(shortest=True),
    ):
        assert not other.takes_all()


def test_numbers_out_of_range_are_named():
    with pytest.raises(ValueError, match='^every: expected 1 or more, got 0$'):
        Selection(every=0)
    with pytest.raises(ValueError, match='^start of a: expected 0 or more, got -1$'):
        Selection(start={'a': -1})
    with pytest.raises(ValueError, match="^start: expected one of a, b, got 'c'$"):
        Selection(start={'c': 1}).check_cameras(['a', 'b'])
    sources = {'a': files('1', '2'), 'b': files('1', '2')}
    with pytest.raises(ValueError, match='^start of b: .* below its length, 2, got 2$'):
        Selection(start={'b': 2}).instants(sources)
