"""Floor, cameras and axes of interactive figures."""

import numpy as np
import pytest
from ring_recording import ring

pytest.importorskip('gradio')

from ppt_mmpose.visualization.scene import Scene
from ppt_mmpose.web.stage import broken_line, coordinates, stage_layout, stage_traces


def test_axes_are_equal_and_whole():
    scene = Scene(np.zeros(3), np.array([1.0, 2.0, 4.0]), '+z')
    shown = stage_layout(scene)['scene']
    sides = [np.ptp(shown[f'{name}axis']['range']) for name in 'xyz']
    aspects = [shown['aspectratio'][name] for name in 'xyz']
    # As many metres along each unit of the figure.
    np.testing.assert_allclose(np.divide(sides, aspects), sides[2])
    assert shown['aspectmode'] == 'manual'
    # Nothing on the border is cut off.
    assert shown['zaxis']['range'][0] == pytest.approx(-0.08)
    assert shown['camera']['up'] == dict(x=0, y=0, z=1)


def test_what_is_up_is_turned_onto_z():
    scene = Scene(np.array([0.0, -2.0, 0.0]), np.array([1.0, 0.5, 3.0]), '-y')
    low, high = stage_layout(scene)['scene']['zaxis']['range']
    assert low == pytest.approx(-0.5 - 0.06)
    assert high == pytest.approx(2 + 0.06)
    (floor,) = stage_traces(scene, None)
    assert {z for z in floor.z if z is not None} == {-0.5}


def test_a_world_without_an_up_axis_has_no_floor():
    assert stage_traces(Scene(np.zeros(3), np.ones(3)), None) == []


def test_cameras_stand_where_they_are_with_their_names():
    calibration = ring(3)
    scene = Scene(np.full(3, -5.0), np.full(3, 5.0), '+z')
    _, pyramids, names = stage_traces(scene, calibration)
    assert names.text == ('cam0', 'cam1', 'cam2')
    centres = calibration.cameras.centres.numpy()
    np.testing.assert_allclose(names.x, centres[:, 0])
    np.testing.assert_allclose(names.z, centres[:, 2] + 0.7)
    # The first of 8 edges of 3 numbers each begins at the tip.
    tips = np.array([pyramids.x[::24], pyramids.y[::24], pyramids.z[::24]], float).T
    np.testing.assert_allclose(tips, centres, atol=5e-4)


def test_segments_become_a_line_with_gaps():
    line = broken_line(np.array([[[0, 1, 2], [3, 4, 5.00049]], [[np.nan] * 3] * 2]))
    assert line['x'] == [0, 3, None, None, None, None]
    assert line['z'][:2] == [2, 5.0]
    assert coordinates(np.array([[1.0, np.nan, 2]])) == dict(x=[1], y=[None], z=[2])
