import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.render import render
from ppt_mmpose.datasets.synthetic.sequences import ACTIONS, SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.joints import JOINTS

PLAN = SequencePlan(frames=50, cameras=2, size=64)
SITTING = list(ACTIONS).index('Sitting')


def test_actions_take_turns_and_people_differ():
    sequences = [PLAN.draw(index) for index in range(9)]
    assert [s.action for s in sequences] == [*ACTIONS, 'Walking']
    statures = [s.character.build.stature for s in sequences]
    assert len(set(statures)) == 9
    assert np.ptp(statures) > 0.1
    one, other = sequences[0].joints, sequences[8].joints
    assert np.abs(one - other).max() > 0.1


def test_cameras_stand_around_and_each_sequence_has_its_own():
    sequence = SequencePlan(frames=2).draw(0)
    eyes = np.stack([camera.eye for camera in sequence.cameras])
    away = np.linalg.norm(eyes[:, :2], axis=1)
    assert ((away >= 4.5) & (away <= 5.5)).all()
    assert ((eyes[:, 2] >= 1.2) & (eyes[:, 2] <= 2)).all()
    turns = np.sort(np.arctan2(eyes[:, 1], eyes[:, 0]))
    assert np.degrees(np.diff(turns)).min() > 50
    assert np.abs(SequencePlan(frames=2).draw(1).cameras[0].eye - eyes[0]).max() > 0.1


def test_the_body_that_is_drawn_has_the_joints_of_the_labels():
    for index in range(8):
        sequence = PLAN.draw(index)
        for frame in (0, 49):
            origins = sequence.body(frame).frames.origins
            for joint, segment in (
                *(('left_wrist', 'left_hand'), ('right_foot', 'right_foot')),
                *(('root', 'pelvis'), ('neck_base', 'head')),
            ):
                np.testing.assert_allclose(
                    origins[segment],
                    sequence.joints[frame, JOINTS.index(joint)],
                    atol=1e-9,
                )


def test_a_scene_stays_but_for_who_moves():
    sequence = PLAN.draw(0)
    first, last = (sequence.scene(frame) for frame in (0, 49))
    assert first.surroundings is last.surroundings
    assert first.things == last.things == ()
    assert (first.light == last.light).all()
    images = [render(s, sequence.cameras[0]).image.astype(int) for s in (first, last)]
    changed = np.abs(images[0] - images[1]).max(-1) > 20
    assert 0.001 < changed.mean() < 0.2


def test_who_sits_has_a_seat_below():
    sequence = SequencePlan(frames=300, cameras=1, size=64).draw(SITTING)
    (seat,) = sequence.scene(0).things
    assert seat.part == 'seat'
    frame = int(np.flatnonzero(sequence.motion.sits)[0])
    pelvis = sequence.joints[frame, 0]
    assert np.linalg.norm(seat.centre[:2] - pelvis[:2]) < 0.15
    assert seat.centre[2] < pelvis[2]


def test_others_may_be_in_the_scene():
    other = PLAN.draw(1).body(3)
    scene = PLAN.draw(0).scene(5, others=(other,))
    assert len(scene.bodies) == 2
    assert scene.bodies[1] is other


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('cameras', 0, 'cameras: expected 1 to 8, got 0'),
        ('cameras', 9, 'cameras: expected 1 to 8, got 9'),
        ('frames', 1, 'frames: expected 2 or more, got 1'),
        ('fps', 4.0, r'fps: expected 5 or more, got 4\.0'),
        ('fps', float('nan'), 'fps: expected 5 or more, got nan'),
        ('size', 63, 'size: expected 64 or more, got 63'),
        ('seed', -1, 'seed: expected 0 or more, got -1'),
        ('stream', -1, 'stream: expected 0 or more, got -1'),
    ],
)
def test_values_out_of_range_are_named(name, value, message):
    with pytest.raises(ValueError, match=f'^{message}$'):
        SequencePlan(**{name: value})
