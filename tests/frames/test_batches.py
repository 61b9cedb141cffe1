import pytest

from ppt_mmpose.frames.batches import in_batches


def test_the_last_batch_may_be_smaller():
    assert list(in_batches(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_batches([], 2)) == []


def test_items_are_asked_for_when_they_are_needed():
    asked = []
    batches = in_batches((asked.append(i) or i for i in range(6)), 2)
    next(batches)
    assert asked == [0, 1]


def test_what_came_before_an_error_is_given():
    def broken():
        yield from range(3)
        raise OSError('gone')

    batches = in_batches(broken(), 2)
    assert [next(batches), next(batches)] == [[0, 1], [2]]
    with pytest.raises(OSError, match='gone'):
        next(batches)
