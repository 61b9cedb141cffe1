import numpy as np
import pytest
import torch

from ppt_mmpose.datasets.synthetic.views.layouts import (
    LAYOUTS,
    MIDDLE,
    Layout,
    all_around,
    random_rig,
    rig_of,
)

COUNTS = range(2, 9)
SEEDS = range(8)


def rig(layout, views=4, seed=0, **options):
    rng = np.random.default_rng(seed)
    return random_rig(rng, layout, views=views, size=(200, 200), **options)


def polar(calibration):
    """Turn, degrees, distance from the z axis and height of each camera."""
    x, y, z = calibration.cameras.centres.numpy().T
    return np.degrees(np.arctan2(y, x)), np.hypot(x, y), z


def gaps(turns):
    """Degrees between neighbours, all around."""
    ordered = np.sort(turns)
    return np.diff(np.append(ordered, ordered[0] + 360))


@pytest.mark.parametrize('views', COUNTS)
@pytest.mark.parametrize('seed', SEEDS)
def test_a_ring_is_all_around(views, seed):
    turns, distances, heights = polar(rig('ring', views, seed))
    even = np.array([90, 270]) if views == 2 else np.full(views, 360 / views)
    np.testing.assert_allclose(np.sort(gaps(turns)), even, atol=35)
    assert ((distances >= 3) & (distances <= 5)).all()
    assert ((heights >= 0.8) & (heights <= 2.2)).all()


@pytest.mark.parametrize('views', COUNTS)
@pytest.mark.parametrize('seed', SEEDS)
def test_a_lab_has_cameras_in_corners_and_on_walls_that_look_down(views, seed):
    calibration = rig('lab', views, seed)
    x, y, z = calibration.cameras.centres.numpy().T
    assert ((z >= 2) & (z <= 3)).all()
    corner = (np.abs(x) > 2) & (np.abs(y) > 2)
    np.testing.assert_array_equal(corner, np.arange(views) < 4)
    assert len(set(zip(np.sign(x[:4]), np.sign(y[:4])))) == min(views, 4)
    # The third row of R is the line of sight.
    assert (calibration.cameras.rotation[:, 2, 2] < -0.15).all()


@pytest.mark.parametrize('views', COUNTS)
@pytest.mark.parametrize('seed', SEEDS)
def test_a_slope_is_seen_from_one_side_from_far_away(views, seed):
    calibration = rig('slope', views, seed)
    turns, distances, heights = polar(calibration)
    assert 180 < gaps(turns).max() < 275
    assert ((distances >= 8) & (distances <= 11)).all()
    assert ((heights >= 0.5) & (heights <= 4)).all()
    assert calibration.cameras.focal.min() > rig('ring').cameras.focal.max()


@pytest.mark.parametrize('layout', LAYOUTS)
@pytest.mark.parametrize('seed', SEEDS)
def test_all_look_at_the_middle_and_show_as_much_as_stated(layout, seed):
    cameras = rig(layout, 5, seed).cameras
    away = np.linalg.norm(cameras.centres.numpy() - MIDDLE, axis=1)
    shown = 200 * away / cameras.focal.numpy()
    low, high = LAYOUTS[layout].field
    assert ((shown > 0.93 * low) & (shown < 1.07 * high)).all()
    points = torch.from_numpy(MIDDLE + np.array([[0, 0, 0], [0, 0, 0.5]]))
    projected = cameras.project(points)
    assert projected.in_front.all()
    middle, above = projected.pixels.numpy().transpose(1, 0, 2)
    np.testing.assert_allclose(middle, 99.5, atol=25)
    # z is up, and cameras are nearly level.
    step = middle - above
    assert (step[:, 1] > 20).all()
    assert (np.abs(step[:, 0]) < 0.15 * step[:, 1]).all()


def test_names_sizes_and_lenses():
    plain, bent = (rig('ring', 3, lens=lens) for lens in (False, True))
    assert plain.names == ('cam0', 'cam1', 'cam2')
    assert plain.image_sizes == ((200, 200),) * 3
    assert not plain.cameras.distortion.any()
    k1, k2 = bent.cameras.distortion[:, :2].T
    assert ((k1 < -0.1) & (k2 > 0.05)).all()
    assert len(set(k1.tolist())) == 3
    torch.testing.assert_close(bent.cameras.centres, plain.cameras.centres)


def test_a_layout_of_ones_own_may_have_one_camera():
    def eyes(rng, views):
        return all_around(rng, views, distance=(6, 6.5), height=(1, 1.1))

    made = rig_of(
        np.random.default_rng(0), Layout(eyes, (5, 5), 1), views=1, size=(200, 200)
    )
    _, distances, heights = polar(made)
    assert ((distances >= 6) & (distances <= 6.5)).all()
    assert ((heights >= 1) & (heights <= 1.1)).all()
    away = np.linalg.norm(made.cameras.centres.numpy() - MIDDLE, axis=1)
    np.testing.assert_allclose(200 * away / made.cameras.focal.numpy(), 5, rtol=0.05)


def test_unknown_layouts_and_counts_are_refused():
    expected = r"^layout: expected one of ring, lab, slope, got 'dome'$"
    with pytest.raises(ValueError, match=expected):
        rig('dome')
    for views in (1, 9):
        with pytest.raises(ValueError, match=f'^cameras: expected 2 to 8, got {views}'):
            rig('ring', views)
