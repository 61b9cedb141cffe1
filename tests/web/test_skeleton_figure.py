"""Skeletons that can be turned, still and moving."""

import numpy as np
import pytest
from made_estimator import COCO_META
from ring_recording import people, ring

pytest.importorskip('gradio')

from ppt_mmpose.visualization.scene import fit_scene
from ppt_mmpose.web.skeleton_figure import moving_figure, shown_frames, still_figure

NOSE, ANKLE = 0, 15


def standing(frames=1):
    """As lifters give it: y goes down."""
    poses = people(frames)
    return np.stack([poses[..., 0], -poses[..., 2], poses[..., 1]], axis=-1)


def figure_of(poses, found, **options):
    scene = fit_scene(poses, np.ones(poses.shape[:-1]), up='-y')
    if poses.ndim == 2:
        return still_figure(COCO_META, scene, poses, found, **options)
    return moving_figure(COCO_META, scene, poses, found, **options)


def test_a_pose_stands_upright_in_the_colours_of_the_dataset():
    (pose,) = standing()
    figure = figure_of(pose, np.ones(17, bool))
    links, joints, floor = figure.data
    np.testing.assert_allclose(joints.x, pose[:, 0], atol=5e-4)
    np.testing.assert_allclose(joints.y, pose[:, 2], atol=5e-4)
    np.testing.assert_allclose(joints.z, -pose[:, 1], atol=5e-4)
    assert joints.z[NOSE] > joints.z[ANKLE] + 1
    assert min(joints.z) == pytest.approx(max(filter(None, floor.z)), abs=1e-3)
    assert joints.text[NOSE] == 'nose'
    red, green, blue = COCO_META['keypoint_colors'][ANKLE]
    assert joints.marker.color[ANKLE] == f'rgb({red},{green},{blue})'
    count = len(COCO_META['skeleton_links'])
    assert len(links.x) == len(links.line.color) == 3 * count
    first, last = COCO_META['skeleton_links'][1]
    assert links.z[3:6] == (joints.z[first], joints.z[last], None)
    red, green, blue = COCO_META['skeleton_link_colors'][1]
    assert set(links.line.color[3:6]) == {f'rgb({red},{green},{blue})'}


def test_what_was_not_found_is_not_drawn():
    (pose,) = standing()
    found = np.ones(17, bool)
    found[ANKLE] = False
    links, joints = figure_of(pose, found).data[:2]
    assert [number for number, x in enumerate(joints.x) if x is None] == [ANKLE]
    ends = [ANKLE in link for link in COCO_META['skeleton_links']]
    gone = [None in links.x[3 * i : 3 * i + 2] for i in range(len(ends))]
    assert gone == ends


def test_cameras_are_looked_at_from_farther():
    (pose,) = people(1)
    scene = fit_scene(pose, np.ones(17), up='+z', calibration=ring(2))
    near = still_figure(COCO_META, scene, pose, np.ones(17, bool))
    far = still_figure(COCO_META, scene, pose, np.ones(17, bool), calibration=ring(2))
    names = ['links', 'keypoints', 'floor', 'cameras', 'camera names']
    assert [trace.name for trace in far.data] == names
    eyes = [
        list(one.layout.scene.camera.eye.to_plotly_json().values())
        for one in (near, far)
    ]
    assert np.linalg.norm(eyes[1]) > np.linalg.norm(eyes[0])


def test_a_motion_has_a_frame_for_each_moment():
    poses = standing(5)
    found = np.array([False, True, True, False, True])
    figure = figure_of(poses, found, numbers=range(7, 12), rate=10.0)
    assert [frame.name for frame in figure.frames] == ['7', '8', '9', '10', '11']
    for pose, known, frame in zip(poses, found, figure.frames):
        links, joints = frame.data
        assert frame.traces == (0, 1)
        assert (None in joints.x) == (None in links.x[:2]) == (not known)
        if known:
            np.testing.assert_allclose(joints.z, -pose[:, 1], atol=5e-4)
    # It begins where there is something to see.
    np.testing.assert_allclose(figure.data[1].z, -poses[1, :, 1], atol=5e-4)
    (slider,) = figure.layout.sliders
    assert slider.active == 1
    assert [step.label for step in slider.steps][:2] == ['0.70 s', '0.80 s']
    assert [step.args[0] for step in slider.steps] == [(str(n),) for n in range(7, 12)]
    play, pause = figure.layout.updatemenus[0].buttons
    assert play.args[0] is None
    assert play.args[1]['frame']['duration'] == 100
    assert pause.args[0] == (None,)


def test_long_and_fast_motions_are_thinned():
    assert shown_frames(4, 30.0) == [0, 1, 2, 3]
    assert shown_frames(4, 50.0) == [0, 2]
    assert shown_frames(1, 1000.0) == [0]
    assert len(shown_frames(10_000, 25.0)) <= 300
    poses = standing(6)
    figure = figure_of(poses, np.ones(6, bool), numbers=range(6), rate=50.0)
    assert [frame.name for frame in figure.frames] == ['0', '2', '4']
    # Of a second, a second is shown.
    assert figure.layout.updatemenus[0].buttons[0].args[1]['frame']['duration'] == 40
