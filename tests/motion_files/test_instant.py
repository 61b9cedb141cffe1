from dataclasses import replace

import numpy as np
import pytest

from ppt_mmpose.motion_files import Instant, Recording
from ppt_mmpose.motion_files.instant import check_fits

RECORDING = Recording(('left', 'right'), ('nose', 'eye', 'ear'), ((0, 1),), 25.0)


def instant_of(views=2, keypoints=3):
    return Instant(
        index=5,
        name='000005',
        keypoints_3d=np.zeros((keypoints, 3)),
        found=np.ones(keypoints, bool),
        keypoints_2d=np.zeros((views, keypoints, 2)),
        scores=np.ones((views, keypoints)),
        errors=np.zeros((views, keypoints)),
        used=np.ones((views, keypoints), bool),
        boxes=np.zeros((views, 4)),
        seen=np.ones(views, bool),
    )


def test_the_time_of_an_instant():
    assert instant_of().time(25.0) == 0.2


@pytest.mark.parametrize('rate', [0, -1.0, float('inf'), float('nan')])
def test_a_rate_that_is_none(rate):
    with pytest.raises(ValueError, match='^rate: expected instants a second, got'):
        replace(RECORDING, rate=rate)


@pytest.mark.parametrize('link', [(0, 3), (-1, 0), (0, 1, 2)])
def test_links_of_keypoints_that_there_are(link):
    with pytest.raises(ValueError, match='^links: expected pairs of keypoints 0 to 2'):
        replace(RECORDING, links=(link,))


@pytest.mark.parametrize('field', ['keypoints_3d', 'found', 'errors', 'boxes', 'seen'])
def test_shapes_that_do_not_fit_each_other(field):
    with pytest.raises(
        ValueError, match=f'^{field} of instant 000005: expected the sh'
    ):
        replace(instant_of(), **{field: np.zeros((7, 7))})


def test_instants_of_another_recording():
    check_fits(RECORDING, [instant_of()])
    with pytest.raises(ValueError, match=r'instant 000005: expected 2 views of 3 keyp'):
        check_fits(RECORDING, [instant_of(views=3)])
