"""Labels sit on what is drawn, and flags say what hides them."""

import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.body import Body, random_character
from ppt_mmpose.datasets.synthetic.camera import Camera
from ppt_mmpose.datasets.synthetic.labels import (
    HIDDEN,
    OUTSIDE,
    SEEN,
    annotate,
    visibility,
)
from ppt_mmpose.datasets.synthetic.poses import standing
from ppt_mmpose.datasets.synthetic.render import render
from ppt_mmpose.datasets.synthetic.scene import Scene, random_shot
from ppt_mmpose.datasets.synthetic.sculptor import KEYPOINTS
from ppt_mmpose.datasets.synthetic.solids import Box, Cone, Paint
from ppt_mmpose.datasets.synthetic.surroundings import random_surroundings

LIMBS = [
    *((f'{s}_shoulder', f'{s}_elbow', f'{s}_upper_arm') for s in ('left', 'right')),
    *((f'{s}_elbow', f'{s}_wrist', f'{s}_forearm') for s in ('left', 'right')),
    *((f'{s}_hip', f'{s}_knee', f'{s}_thigh') for s in ('left', 'right')),
    *((f'{s}_knee', f'{s}_ankle', f'{s}_shin') for s in ('left', 'right')),
]


@pytest.fixture(scope='module')
def person():
    rng = np.random.default_rng(5)
    return random_character(rng).posed(standing(rng), position=np.zeros(2), heading=0)


def seen(bodies, things=(), aim=(0, 0, 0.85), focal=250.0):
    camera = Camera.looking_at(
        np.array(aim, float), eye=np.array((4.0, 0, 1.0)), focal=focal, size=(192, 256)
    )
    surroundings = random_surroundings(np.random.default_rng(0))
    scene = Scene(
        tuple(bodies), tuple(things), surroundings, np.array((0.6, 0, 0.8)), 0.5
    )
    return scene, camera, render(scene, camera)


def keypoints(annotation):
    return np.array(annotation['keypoints']).reshape(-1, 3)


def at(name):
    return KEYPOINTS.index(name)


@pytest.mark.parametrize(('start', 'end', 'part'), LIMBS)
def test_keypoints_lie_at_the_ends_of_the_limbs_that_are_drawn(start, end, part):
    """Only one limb is drawn, many times: its labels are at the ends of its pixels."""
    checked = 0
    for index in range(12):
        scene, camera = random_shot(np.random.default_rng((9, index)), (192, 256))
        main = scene.bodies[0]
        limb = tuple(s for s in main.solids if isinstance(s, Cone) and s.part == part)
        alone = Scene(
            (Body(main.keypoints, limb, main.frames),), (), scene.surroundings,
            scene.light, scene.contrast,
        )  # fmt: skip
        mask = render(alone, camera).solid >= 0
        pixels, depth = camera.project(main.keypoints[[at(start), at(end)]])
        if not ((pixels > 4) & (pixels < np.array((187, 251)))).all():
            continue
        # Every label is on the limb, and the limb ends within its thickness of it.
        columns, rows = np.round(pixels).astype(int).T
        assert mask[rows, columns].all()
        along = pixels[1] - pixels[0]
        length = max(float(np.linalg.norm(along)), 1e-6)
        ys, xs = np.nonzero(mask)
        places = (
            (xs - pixels[0, 0]) * along[0] + (ys - pixels[0, 1]) * along[1]
        ) / length
        thick = 0.11 * 1.45 * camera.focal / depth.min() + 1
        assert -thick < places.min() < 0.5
        assert -0.5 < places.max() - length < thick
        checked += 1
    assert checked >= 4


def test_the_face_is_on_the_side_that_the_camera_sees(person):
    scene, camera, rendering = seen([person])
    points = keypoints(annotate(scene, camera, rendering)[0])
    # Whoever looks at us has their left on our right.
    for name in ('eye', 'ear', 'shoulder', 'hip'):
        assert points[at(f'left_{name}'), 0] > points[at(f'right_{name}'), 0]
    assert (points[:3, 2] == SEEN).all()
    behind = Camera.looking_at(
        np.array((0, 0, 0.85)), eye=np.array((-4.0, 0, 1.0)), focal=250, size=(192, 256)
    )
    points = keypoints(annotate(scene, behind, render(scene, behind))[0])
    assert points[at('left_hip'), 0] < points[at('right_hip'), 0]
    assert (points[:3, 2] == HIDDEN).all()


def test_flags_tell_what_is_hidden_and_what_is_outside(person):
    knee = person.keypoints[at('left_knee')]
    eye = np.array((4.0, 0, 1.0))
    middle = eye + 0.75 * (knee - eye)
    board = Box('board', Paint((9, 9, 9)), middle, np.eye(3), np.full(3, 0.1))
    free = keypoints(annotate(*seen([person]))[0])
    assert free[at('left_knee'), 2] == SEEN
    covered = keypoints(annotate(*seen([person], [board]))[0])
    assert covered[at('left_knee'), 2] == HIDDEN
    assert covered[at('nose'), 2] == SEEN
    np.testing.assert_allclose(covered[at('left_knee'), :2], free[at('left_knee'), :2])
    upper = keypoints(annotate(*seen([person], aim=(0, 0, 1.6), focal=500))[0])
    assert upper[at('nose'), 2] == SEEN
    np.testing.assert_array_equal(upper[at('left_ankle')], (0, 0, OUTSIDE))


def test_boxes_and_areas_are_those_of_the_pixels(person):
    scene, camera, rendering = seen([person])
    annotation = annotate(scene, camera, rendering)[0]
    mask = rendering.solid >= 0
    assert annotation['area'] == mask.sum()
    x, y, width, height = annotation['bbox']
    assert mask[y : y + height, x : x + width].sum() == mask.sum()
    assert mask[y].any()
    assert mask[:, x + width - 1].any()
    assert annotation['num_keypoints'] == 17


def test_who_is_wholly_hidden_is_not_annotated(person):
    board = Box(
        'board', Paint((9, 9, 9)), np.array((2.0, 0, 1.0)), np.eye(3), np.full(3, 0.9)
    )
    assert annotate(*seen([person], [board])) == []


def test_seen_keypoints_are_nearly_always_on_their_person():
    on_person = []
    for index in range(40):
        scene, camera = random_shot(np.random.default_rng((1, index)), (192, 256))
        rendering = render(scene, camera)
        points = visibility(scene.bodies[0], camera, rendering.depth)
        columns, rows = np.round(points[points[:, 2] == SEEN, :2]).astype(int).T
        solids = rendering.solid[rows, columns]
        on_person += [s >= 0 and scene.owners[s] == 0 for s in solids]
    assert len(on_person) > 300
    assert np.mean(on_person) > 0.99
