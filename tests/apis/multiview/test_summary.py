import numpy as np
from made_motion import RECORDING, instant

from ppt_mmpose.apis.multiview import Summary


def known(index, seen, used, errors, found):
    made = instant(index)
    made.seen[:] = seen
    made.used[:] = used
    made.errors[:] = errors
    made.found[:] = found
    return made


def test_means_by_hand():
    summary = Summary(RECORDING)
    first = known(
        0,
        seen=[True, False],
        used=[[1, 1, 0], [0, 0, 0]],
        errors=[[2, 4, 100], [0, 0, 0]],
        found=[1, 1, 0],
    )
    second = known(
        1,
        seen=[True, True],
        used=[[1, 0, 0], [1, 1, 1]],
        errors=[[3, 50, 0], [1, 2, 3]],
        found=[1, 0, 0],
    )
    summary.write(first)
    summary.write(second, images=())
    assert summary.instants == 2
    assert summary.found == 0.5
    np.testing.assert_allclose(summary.errors, [3, 2])
    np.testing.assert_allclose(summary.used, [0.5, 1])
    assert str(summary) == (
        '2 instants, 50.0% of the keypoints found in 3D\n'
        'camera      seen in  keypoints used  mean error\n'
        'left         100.0%           50.0%      3.0 px\n'
        'right, far    50.0%          100.0%      2.0 px'
    )


def test_a_view_that_was_never_used_has_no_error():
    summary = Summary(RECORDING)
    used = [[1, 1, 1], [0, 0, 0]]
    errors = [[1, 1, 1], [9, 9, 9]]
    summary.write(known(0, [True, True], used, errors, [1, 1, 1]))
    lines = str(summary).splitlines()
    assert lines[2].endswith('100.0%      1.0 px')
    assert lines[3].endswith('0.0%           -')


def test_nothing_is_no_error():
    summary = Summary(RECORDING)
    assert summary.found == 0
    assert not summary.errors.any()
    assert '0 instants, 0.0% of' in str(summary)
