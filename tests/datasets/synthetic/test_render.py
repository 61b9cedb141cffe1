"""Solids land where geometry says, nearer ones hide farther ones."""

import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.camera import Camera
from ppt_mmpose.datasets.synthetic.raster import surfaces
from ppt_mmpose.datasets.synthetic.render import NOTHING, render
from ppt_mmpose.datasets.synthetic.scene import Scene
from ppt_mmpose.datasets.synthetic.solids import Box, Cone, Ellipsoid, Paint
from ppt_mmpose.datasets.synthetic.surroundings import random_surroundings

RED, BLUE = Paint((0, 0, 250)), Paint((250, 0, 0))
CAMERA = Camera.looking_at(
    np.array((0, 0, 1.0)), eye=np.array((4.0, 0, 1.0)), focal=200, size=(100, 120)
)


def drawn(*things, camera=CAMERA):
    surroundings = random_surroundings(np.random.default_rng(0))
    light = np.array((0.6, 0, 0.8))
    return render(Scene((), things, surroundings, light, 0.5), camera)


def ball(centre, radius, paint=RED):
    return Ellipsoid('ball', paint, np.array(centre), np.eye(3), np.full(3, radius))


def test_a_ball_is_a_disc_of_its_size():
    seen = drawn(ball((0, 0, 1.0), 0.5))
    # The tangent cone of a ball: sin(angle) = radius / distance.
    radius = 200 * np.tan(np.arcsin(0.5 / 4))
    mask = seen.solid == 0
    assert mask.sum() == pytest.approx(np.pi * radius**2, rel=0.01)
    rows, columns = np.nonzero(mask)
    assert rows.mean() == pytest.approx(59.5, abs=0.05)
    assert columns.mean() == pytest.approx(49.5, abs=0.05)
    assert seen.depth[60, 50] == pytest.approx(3.5, abs=0.001)
    assert np.isinf(seen.depth[~mask]).all()


def test_a_turned_ellipsoid_is_as_long_as_its_axis():
    turn = np.array([[1, 0, 0], [0, 0.6, -0.8], [0, 0.8, 0.6]])
    radii = np.array((0.1, 0.1, 0.5))
    seen = drawn(Ellipsoid('egg', RED, np.array((0, 0, 1.0)), turn, radii))
    rows, columns = np.nonzero(seen.solid == 0)
    # Its long axis is (0, -0.8, 0.6) in the world: to the image's left and up.
    assert np.ptp(rows) == pytest.approx(
        2 * 50 * np.hypot(0.5 * 0.6, 0.1 * 0.8), abs=1.5
    )
    assert np.ptp(columns) == pytest.approx(
        2 * 50 * np.hypot(0.5 * 0.8, 0.1 * 0.6), abs=1.5
    )
    assert np.corrcoef(rows, columns)[0, 1] > 0.5


def test_a_cone_reaches_from_ball_to_ball():
    start, end = np.array((0, -0.4, 1.0)), np.array((0, 0.4, 1.0))
    seen = drawn(Cone('arm', RED, start, end, 0.2, 0.1))
    mask = seen.solid == 0
    # In the world's left is the image's right.
    assert mask[:, 30].sum() == pytest.approx(20, abs=2)
    assert mask[:, 69].sum() == pytest.approx(10, abs=2)
    assert seen.depth[60, 30] == pytest.approx(3.8, abs=0.02)


def test_a_box_shows_its_front_face():
    halves = np.array((0.5, 0.3, 0.4))
    seen = drawn(Box('crate', RED, np.array((0, 0, 1.0)), np.eye(3), halves))
    mask = seen.solid == 0
    # OpenCV fills polygons with their rim.
    sides = np.array((0.6, 0.8)) * 200 / 3.5
    assert sides.prod() <= mask.sum() <= (sides + 2).prod()
    np.testing.assert_allclose(seen.depth[mask], 3.5, atol=1e-3)


@pytest.mark.parametrize('order', [(0, 1), (1, 0)])
def test_what_is_nearer_hides_what_is_farther(order):
    both = (ball((0, 0, 1.0), 0.5), ball((1.5, 0, 1.0), 0.2, BLUE))
    seen = drawn(*(both[i] for i in order))
    assert seen.solid[60, 50] == order.index(1)
    assert seen.solid[60, 68] == order.index(0)
    blue, _, red = seen.image[60, 50].astype(int)
    assert blue > red + 50


def test_what_is_out_of_sight_is_not_drawn():
    seen = drawn(ball((9, 0, 1.0), 0.5), ball((0, 30, 1.0), 0.5), ball((4, 0, 1), 0.3))
    assert (seen.solid == NOTHING).all()


def test_bands_alternate_along_the_axis():
    paint = Paint((250, 250, 250), (0, 0, 0), 0.1)
    start, end = np.array((0, -0.4, 1.0)), np.array((0, 0.4, 1.0))
    row = drawn(Cone('arm', paint, start, end, 0.1, 0.1)).image[60, 32:68, 1]
    assert np.count_nonzero(np.diff((row > 60).astype(int))) in (6, 7, 8)


def test_two_cameras_see_one_place():
    """The floor below a point has one colour from wherever it is seen."""
    colours = []
    for turn in (0.0, 1.0):
        eye = np.array((3 * np.cos(turn), 3 * np.sin(turn), 2.0))
        camera = Camera.looking_at(np.zeros(3), eye=eye, focal=150, size=(101, 101))
        image = drawn(ball((0, 0, 9), 0.1), camera=camera).image
        colours.append(image[46:55, 46:55].mean((0, 1)))
    np.testing.assert_allclose(*colours, atol=8)


@pytest.mark.parametrize(
    'thing',
    [
        ball((0, 0, 1.0), 0.5),
        Cone('arm', RED, np.array((0, 0, 0.6)), np.array((0, 0, 1.4)), 0.3, 0.3),
    ],
    ids=['ball', 'cone'],
)
def test_the_side_towards_the_lamp_is_lighter(thing):
    """Lamps on the left and on the right of the scene, at the same height."""
    surroundings = random_surroundings(np.random.default_rng(0))
    halves = []
    for side in (1, -1):
        light = np.array((0.0, 0.8 * side, 0.6))
        red = render(Scene((), (thing,), surroundings, light, 0.5), CAMERA).image[
            ..., 2
        ]
        # The world's left is on the right of the image.
        halves.append(
            (float(red[50:70, 52:60].mean()), float(red[50:70, 40:48].mean()))
        )
    (lit, dark), (other_dark, other_lit) = halves
    assert lit > dark + 20
    assert lit == pytest.approx(other_lit, abs=2)
    assert dark == pytest.approx(other_dark, abs=2)


def test_how_a_sloped_surface_faces_a_light():
    """At the middle of an ellipsoid that is turned, the normal is known."""
    turn = np.array([[0.8, 0, 0.6], [0, 1, 0], [-0.6, 0, 0.8]])
    centre, radii = np.array((0, 0, 1.0)), np.array((0.1, 0.2, 0.4))
    light = np.array([[0.0, 0.0, 1.0], [0.6, 0.0, 0.8]])
    (surface,) = surfaces(
        Ellipsoid('egg', RED, centre, turn, radii), CAMERA, light @ CAMERA.rotation.T
    )
    row, column = 60 - surface.rows.start, 50 - surface.columns.start
    point = CAMERA.eye - (surface.depth[row, column], 0, 0) - centre
    normal = turn @ (turn.T @ point / radii**2)
    normal /= np.linalg.norm(normal)
    for cosine, direction in zip(surface.facing, light):
        assert cosine[row, column] == pytest.approx(normal @ direction, abs=0.02)
