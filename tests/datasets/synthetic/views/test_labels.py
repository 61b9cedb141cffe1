"""Labels of views: where the cameras project the truth, and on what is drawn."""

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.datasets.synthetic.body import random_character
from ppt_mmpose.datasets.synthetic.depth import depth_of
from ppt_mmpose.datasets.synthetic.labels import HIDDEN, OUTSIDE, SEEN
from ppt_mmpose.datasets.synthetic.poses import standing
from ppt_mmpose.datasets.synthetic.sculptor import KEYPOINTS
from ppt_mmpose.datasets.synthetic.solids import Box, Cone, Paint
from ppt_mmpose.datasets.synthetic.views.labels import annotate_view, keypoints_in
from ppt_mmpose.datasets.synthetic.views.layouts import random_rig
from ppt_mmpose.datasets.synthetic.views.view import View
from ppt_mmpose.geometry import Cameras

LIMBS = dict(
    upper_arm=('shoulder', 'elbow'),
    forearm=('elbow', 'wrist'),
    thigh=('hip', 'knee'),
    shin=('knee', 'ankle'),
)


@pytest.fixture(scope='module')
def rig():
    rng = np.random.default_rng(0)
    return random_rig(rng, 'ring', views=4, size=(200, 200), lens=True)


@pytest.fixture(scope='module')
def views(rig):
    return [View(rig, index) for index in range(4)]


@pytest.fixture(scope='module')
def person():
    rng = np.random.default_rng(5)
    return random_character(rng).posed(standing(rng), position=np.zeros(2), heading=0)


def labels(view, body, things=()):
    depth = depth_of((*body.solids, *things), view.pinhole)
    return annotate_view(view, body, depth)


def keypoints(annotation):
    return np.array(annotation['keypoints']).reshape(-1, 3)


def at(name):
    return KEYPOINTS.index(name)


def test_pixels_are_those_of_the_cameras(rig, views, person):
    expected = rig.cameras.project(torch.from_numpy(person.keypoints)).pixels.numpy()
    for index, view in enumerate(views):
        found = keypoints(labels(view, person))
        assert (found[:, 2] != OUTSIDE).all()
        np.testing.assert_allclose(found[:, :2], expected[index], atol=1e-6)


@pytest.mark.parametrize('side', ['left', 'right'])
@pytest.mark.parametrize('limb', LIMBS)
def test_a_limb_that_is_drawn_alone_lies_between_its_labels(views, person, side, limb):
    ends = [at(f'{side}_{name}') for name in LIMBS[limb]]
    solids = [s for s in person.solids if s.part == f'{side}_{limb}']
    solids = [s for s in solids if isinstance(s, Cone)]
    for view in views:
        drawn = np.isfinite(depth_of(solids, view.pinhole)).astype(np.uint8)
        mask = view.shown(drawn, blend=False)
        start, end = keypoints(labels(view, person))[ends, :2]
        for share in (0.0, 0.5, 1.0):
            column, row = np.round(start + share * (end - start)).astype(int)
            assert mask[row, column]
        along = end - start
        length = max(float(np.linalg.norm(along)), 1.0)
        rows, columns = np.nonzero(mask)
        places = (np.column_stack((columns, rows)) - start) @ along / length
        assert -14 < places.min() < 1
        assert -1 < places.max() - length < 14


def test_a_board_hides_from_one_view_and_not_from_another(views, person):
    knee, eye = person.keypoints[at('left_knee')], views[0].pinhole.eye
    middle = eye + 0.7 * (knee - eye)
    board = Box('board', Paint((9, 9, 9)), middle, np.eye(3), np.full(3, 0.12))
    flags = []
    for view in views:
        free, covered = labels(view, person), labels(view, person, [board])
        before, after = keypoints(free), keypoints(covered)
        np.testing.assert_array_equal(before[:, :2], after[:, :2])
        changed = (before[:, 2] == SEEN) & (after[:, 2] == HIDDEN)
        assert (before[:, 2] != after[:, 2]).sum() == changed.sum()
        assert free['num_obstructed'] == 0
        assert covered['num_obstructed'] == changed.sum()
        # Boxes are those of the whole person.
        assert free['bbox'] == covered['bbox']
        assert free['area'] == covered['area']
        flags.append(int(after[at('left_knee'), 2]))
    assert flags[0] == HIDDEN
    assert SEEN in flags[1:]


def test_boxes_hold_the_person_as_the_lens_shows_it(views, person):
    for view in views:
        found = labels(view, person)
        x, y, width, height = found['bbox']
        points = keypoints(found)[:, :2]
        assert (points >= (x - 1, y - 1)).all()
        assert (points <= (x + width, y + height)).all()
        # Hair, shoes and hands reach beyond the keypoints, by about a hand's length.
        low, high = points.min(0), points.max(0)
        assert (low - (x, y) < 20).all()
        assert ((x + width, y + height) - high < 20).all()
        assert 0.1 * width * height < found['area'] < 0.9 * width * height
        assert found['num_keypoints'] == 17


def sidelong(person, turn):
    """A camera at the person's height that looks past it by so many radians."""
    chest = person.keypoints[5:7].mean(0)
    forward = np.array((-np.cos(turn), np.sin(turn), 0))
    right = np.cross(forward, (0, 0, 1.0))
    rotation = np.stack((right, np.cross(forward, right), forward))
    eye = chest + np.array((3.0, 0, 0))
    return Calibration(
        ('side',),
        Cameras(
            torch.tensor([[[110.0, 0, 60], [0, 110, 60], [0, 0, 1]]]),
            torch.from_numpy(rotation[None]),
            torch.from_numpy(-rotation @ eye)[None],
            torch.tensor([[-0.2]]),
        ),
        ((121, 121),),
    )


def test_what_only_the_polynomial_bends_into_the_image_is_outside(person):
    # x (1 - 0.2 x^2) = 0 at the square root of 5: far outside, and in the middle.
    rig = sidelong(person, np.arctan(np.sqrt(5)))
    view = View(rig, 0)
    assert view.project(person.keypoints)[1].any()
    depth = depth_of(person.solids, view.pinhole)
    assert not keypoints_in(view, person, depth).any()
    expected = '^body: expected one in the image of side, got none$'
    with pytest.raises(ValueError, match=expected):
        annotate_view(view, person, depth)


def test_who_is_cut_by_the_frame_has_zeros_for_what_is_outside(person):
    found = labels(View(sidelong(person, 0.0), 0), person)
    points = keypoints(found)
    inside = points[:, 2] > OUTSIDE
    assert found['num_keypoints'] == inside.sum() == 17
    found = labels(View(sidelong(person, 0.5), 0), person)
    points = keypoints(found)
    inside = points[:, 2] > OUTSIDE
    assert 0 < inside.sum() < 17
    assert found['num_keypoints'] == inside.sum()
    assert not points[~inside].any()
    x, _, width, _ = found['bbox']
    assert min(x, 121 - x - width) == 0
