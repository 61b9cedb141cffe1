from pathlib import Path

import pytest

from ppt_mmpose.datasets.multiview_folder.joining import (
    equal_length,
    equal_rate,
    in_step,
    instant_name,
    joined_by_name,
)


def files(*stems):
    return {stem: Path(f'{stem}.png') for stem in stems}


def test_all_names_in_order():
    views = {'a': files('f2', 'f10'), 'b': files('f1', 'f10')}
    assert joined_by_name(views) == ['f1', 'f2', 'f10']
    assert joined_by_name({'a': files('f2')}) == ['f2']
    with pytest.raises(
        ValueError,
        match=r'two views share \(a begins with f2\.png, b begins with f1\.png\)',
    ):
        joined_by_name({'a': files('f2'), 'b': files('f1')})


def test_lengths():
    assert equal_length({'a': 3, 'b': 3}) == 3
    assert equal_length({'a': 3, 'b': None}) is None
    with pytest.raises(
        ValueError, match='but a has 3, b has an unknown number, c has 4'
    ):
        equal_length({'a': 3, 'b': None, 'c': 4})


def test_rates():
    assert equal_rate({'a': None, 'b': None}) is None
    assert equal_rate({'a': None, 'b': 25.0}) == 25
    # Means of two containers of one camera setting.
    assert equal_rate({'a': 29.97, 'b': 29.98}) == 29.97
    with pytest.raises(
        ValueError, match='but b has 29.97 frames a second and a has 30'
    ):
        equal_rate({'a': 30.0, 'b': 29.97, 'c': 29.99})


def test_streams_step_by_step():
    together = in_step({'a': iter('xyz'), 'b': iter('uv')}, shortest=True)
    assert list(together) == [{'a': 'x', 'b': 'u'}, {'a': 'y', 'b': 'v'}]
    # None is a frame that is missing, not the end.
    assert list(in_step({'a': [None], 'b': ['u']})) == [{'a': None, 'b': 'u'}]
    together = in_step({'a': 'x', 'b': 'uv', 'c': 'r'})
    assert next(together) == {'a': 'x', 'b': 'u', 'c': 'r'}
    with pytest.raises(ValueError, match='but a, c ended before instant 000001, which'):
        next(together)


def test_names_of_instants():
    assert instant_name(12) == '000012'
