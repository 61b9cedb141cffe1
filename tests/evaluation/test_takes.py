import pytest

from ppt_mmpose.evaluation.takes import SkippedTakes


def sample(*take):
    return dict(zip(('subject', 'action', 'subaction'), take))


def test_the_takes_with_wrong_labels():
    skipped = SkippedTakes('damaged')
    assert [skipped.has(sample(9, *take)) for take in ((5, 2), (10, 2), (13, 1))] == [
        True,
        True,
        True,
    ]
    assert not skipped.has(sample(9, 5, 1))
    assert not skipped.has(sample(11, 5, 2))


def test_none_by_default_and_then_samples_need_not_tell():
    assert not SkippedTakes()
    assert not SkippedTakes().has({})


def test_takes_of_ones_own():
    skipped = SkippedTakes([(1, 2, 3)])
    assert skipped.has(sample(1, 2, 3))
    with pytest.raises(ValueError, match='skip_takes: .* got no action, subaction'):
        skipped.has(dict(subject=1))


def test_another_word():
    with pytest.raises(ValueError, match="skip_takes: expected 'damaged' or .*'bad'"):
        SkippedTakes('bad')


@pytest.mark.parametrize('take', [('S9', 5, 2), (9, 'Greeting', 2)])
def test_takes_that_are_told_in_words(take):
    with pytest.raises(ValueError, match='expected whole numbers for subject, action'):
        SkippedTakes('damaged').has(sample(*take))
