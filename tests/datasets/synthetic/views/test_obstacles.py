"""What stands in the way hides keypoints from some cameras, never from all."""

import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.depth import depth_of
from ppt_mmpose.datasets.synthetic.labels import FEWEST_SEEN, OUTSIDE, SEEN
from ppt_mmpose.datasets.synthetic.solids import Box, Paint
from ppt_mmpose.datasets.synthetic.views.labels import keypoints_in
from ppt_mmpose.datasets.synthetic.views.layouts import LAYOUTS, random_rig
from ppt_mmpose.datasets.synthetic.views.obstacles import stand_obstacles
from ppt_mmpose.datasets.synthetic.views.staging import random_stage
from ppt_mmpose.datasets.synthetic.views.view import View


def views_of(layout, count):
    rng = np.random.default_rng(1)
    rig = random_rig(rng, layout, views=count, size=(128, 128))
    return [View(rig, index) for index in range(count)]


def flags(body, views, things=()):
    solids = (*body.solids, *things)
    found = [keypoints_in(v, body, depth_of(solids, v.pinhole)) for v in views]
    return np.stack(found)[..., 2]


def somebody(views, seed):
    rng = np.random.default_rng(seed)
    return random_stage(rng, views, reach=0.3, obstructed=0).bodies[0]


@pytest.mark.parametrize('layout', LAYOUTS)
@pytest.mark.parametrize('count', [2, 4])
def test_keypoints_are_hidden_but_not_from_the_last_views(layout, count):
    views = views_of(layout, count)
    shares = []
    for seed in range(6):
        body = somebody(views, seed)
        before = flags(body, views)
        rng = np.random.default_rng(seed)
        things = stand_obstacles(rng, body, views, share=0.15)
        after = flags(body, views, things)
        # Nothing is seen that was not, and what was seen stays seen often enough.
        assert not ((after == SEEN) & (before != SEEN)).any()
        for axis, least in ((0, min(2, count - 1)), (1, FEWEST_SEEN)):
            was, left = (before == SEEN).sum(axis), (after == SEEN).sum(axis)
            assert (left >= np.minimum(was, least)).all()
        hidden = (before == SEEN) & (after != SEEN)
        shares.append(hidden.sum() / (before != OUTSIDE).sum())
        # Each thing hides something that those before it do not.
        left = [
            (flags(body, views, things[:count]) == SEEN).sum()
            for count in range(len(things) + 1)
        ]
        assert (np.diff(left) < 0).all()
    assert 0.05 < np.mean(shares) < 0.25
    assert max(shares) > 0.1


def test_nothing_stands_in_the_person_or_before_a_lens():
    views = views_of('ring', 4)
    for seed in range(6):
        body = somebody(views, seed)
        things = stand_obstacles(np.random.default_rng(seed), body, views, share=0.3)
        assert things
        for thing in things:
            middle = thing.start if hasattr(thing, 'start') else thing.centre
            flat = body.keypoints[:, :2] - middle[:2]
            assert np.linalg.norm(flat, axis=1).min() > 0.3
            for view in views:
                assert np.linalg.norm(view.pinhole.eye[:2] - middle[:2]) > 1


def test_no_share_needs_nothing_and_what_stands_there_counts():
    views = views_of('ring', 4)
    body = somebody(views, 0)
    rng = np.random.default_rng(0)
    assert stand_obstacles(rng, body, views, share=0) == []
    knee = body.keypoints[13]
    eye = views[0].pinhole.eye
    board = Box(
        'board', Paint((9, 9, 9)), eye + 0.6 * (knee - eye), np.eye(3), np.full(3, 0.4)
    )
    before = flags(body, views)
    hidden = (before == SEEN) & (flags(body, views, [board]) != SEEN)
    share = hidden.sum() / (before != OUTSIDE).sum()
    assert share > 0.03
    same = dict(standing=[board], share=share)
    assert stand_obstacles(rng, body, views, **same) == []
    assert stand_obstacles(rng, body, views, share=share) != []
