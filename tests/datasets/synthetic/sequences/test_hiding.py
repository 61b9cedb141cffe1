import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.camera import Camera
from ppt_mmpose.datasets.synthetic.depth import depth_of
from ppt_mmpose.datasets.synthetic.labels import HIDDEN, visibility
from ppt_mmpose.datasets.synthetic.sculptor import KEYPOINTS
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.hiding import hidden_joints
from ppt_mmpose.datasets.synthetic.sequences.joints import JOINTS, joints_of
from ppt_mmpose.datasets.synthetic.skeleton import NAMES, Pose, place


def seen_from(eye, **degrees):
    """Names of the joints that a body hides which looks along x."""
    angles = np.zeros((1, len(NAMES), 3))
    for name, values in degrees.items():
        angles[0, NAMES.index(name)] = values
    frames = place(
        Pose(angles, np.zeros(1)),
        stature=1.7,
        position=np.zeros((1, 2)),
        heading=np.zeros(1),
    )
    target = np.array([0.0, 0, 1.0])
    camera = Camera.looking_at(
        target, eye=np.array(eye, float), focal=1000, size=(999, 999)
    )
    hidden = hidden_joints(camera, joints_of(frames, 1.7), 1.7)
    assert hidden.shape == (1, 17)
    return {name for name, is_hidden in zip(JOINTS, hidden[0]) if is_hidden}


def test_an_upright_body_hides_nothing_from_the_front():
    assert seen_from((5, 0, 1)) == set()


def test_from_the_side_the_other_side_is_hidden():
    right = {'right_shoulder', 'right_elbow', 'right_wrist', 'right_knee', 'right_foot'}
    hidden = seen_from((0, 5, 1))
    assert right - {'right_foot'} <= hidden
    assert not any(name.startswith('left') for name in hidden)
    mirrored = seen_from((0, -5, 1))
    assert {name.replace('right', 'left') for name in hidden} >= {
        name for name in mirrored if name.startswith('left')
    }


def test_a_hand_before_the_belly_is_hidden_from_behind_only():
    arm = dict(left_upper_arm=(0, 25, -50), left_forearm=(0, 90, 0))
    assert 'left_wrist' not in seen_from((5, 0, 1), **arm)
    assert 'left_wrist' in seen_from((-5, 0, 1), **arm)


def test_drawn_bodies_agree():
    pairs = [
        (KEYPOINTS.index(f'{side}_{of_coco}'), JOINTS.index(f'{side}_{name}'))
        for side in ('left', 'right')
        for of_coco, name in (
            *(('shoulder', 'shoulder'), ('elbow', 'elbow'), ('wrist', 'wrist')),
            *(('hip', 'hip'), ('knee', 'knee'), ('ankle', 'foot')),
        )
    ]
    coco, ours = np.array(pairs).T
    drawn, said = [], []
    for index in range(8):
        sequence = SequencePlan(size=250, frames=30, cameras=2).draw(index)
        for camera in sequence.cameras:
            hidden = hidden_joints(
                camera, sequence.joints, sequence.character.build.stature
            )
            for frame in (0, 29):
                body = sequence.body(frame)
                flags = visibility(body, camera, depth_of(body.solids, camera))
                drawn.append(flags[coco, 2] == HIDDEN)
                said.append(hidden[frame, ours])
    assert 0.1 < np.mean(drawn) < 0.35
    assert np.mean(said) == pytest.approx(np.mean(drawn), abs=0.08)
    assert np.mean(np.array(drawn) == np.array(said)) > 0.87
