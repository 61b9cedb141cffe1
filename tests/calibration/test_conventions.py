import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration.conventions import (
    explains,
    mistake_of_all,
    mistake_of_one,
    other_conventions,
)
from ppt_mmpose.calibration.evidence import checked_evidence
from ppt_mmpose.geometry import Cameras


@pytest.mark.parametrize(
    ('now', 'then', 'told'),
    [
        (50, 9.9, True),
        (50, 10, False),
        (1000, 19.9, True),
        (1000, 20, False),
        (math.inf, 19.9, True),
        (math.inf, 300, False),
        (math.inf, math.inf, False),
    ],
)
def test_what_explains_an_error(now, then, told):
    assert explains(now, then) is told


def test_other_conventions_by_hand():
    turn = torch.tensor([[[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]])
    camera = Cameras(torch.eye(3)[None], turn, torch.tensor([[1.0, 2, 3]]))
    changed = {
        name: (other.rotation[0].tolist(), other.translation[0].tolist())
        for name, other in other_conventions(camera).items()
    }
    there, back = turn[0].tolist(), turn[0].T.tolist()
    assert changed == {
        'the rotation is transposed': (back, [1, 2, 3]),
        'the pose is camera to world': (back, [-2, 1, -3]),
        "the translation is the camera's centre": (there, [2, -1, -3]),
    }


@pytest.fixture
def scene(made_up):
    ring = made_up.ring(3)
    person = made_up.person(4)
    exact = ring.cameras.project(torch.from_numpy(person)).pixels.numpy()
    return ring.cameras, person, exact


def test_nothing_was_mistaken(scene):
    cameras, person, exact = scene
    evidence = checked_evidence(3, exact + 1, None, person)
    assert mistake_of_all(cameras, evidence, evidence.misfit(cameras)) is None
    assert mistake_of_one(cameras, 1, evidence) is None


def test_a_mistake_of_all_with_its_errors(scene):
    cameras, person, exact = scene
    evidence = checked_evidence(3, exact + np.array([3, 4]), None, person)
    wrong = replace(cameras, rotation=cameras.rotation.mT)
    assert mistake_of_all(wrong, evidence, 123.456) == (
        'the rotation is transposed (median error 5 px instead of 123 px)'
    )
    assert mistake_of_all(wrong, evidence, math.inf) == (
        'the rotation is transposed (median error 5 px instead of points behind it or '
        'nowhere)'
    )


def test_a_mistake_of_one_is_told_by_the_others(scene):
    cameras, _, exact = scene
    evidence = checked_evidence(3, exact, None, None)
    translation = cameras.translation.clone()
    translation[1] = cameras.centres[1]
    wrong = replace(cameras, translation=translation)
    told = mistake_of_one(wrong, 1, evidence)
    assert told.startswith("the translation is the camera's centre (median error ")
    assert mistake_of_one(cameras, 0, evidence) is None


def test_a_camera_that_looks_away_is_no_other_convention(scene):
    cameras, person, exact = scene
    turn = torch.diag(torch.tensor([-1.0, 1, -1], dtype=torch.float64))
    rotation, translation = cameras.rotation.clone(), cameras.translation.clone()
    rotation[2], translation[2] = turn @ rotation[2], turn @ translation[2]
    wrong = replace(cameras, rotation=rotation, translation=translation)
    evidence = checked_evidence(3, exact, None, person)
    assert math.isinf(evidence.of_views([2]).misfit(wrong.select([2])))
    assert mistake_of_one(wrong, 2, evidence) is None
