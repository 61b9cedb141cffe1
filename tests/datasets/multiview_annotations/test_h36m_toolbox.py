import made_h36m
import numpy as np
import pytest

from ppt_mmpose.datasets.multiview_annotations import ToolboxH36M

# A quarter of a turn about z, from world to camera.
TURN = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])


def annotations_of(tmp_path, entries):
    return ToolboxH36M(made_h36m.write_toolbox(tmp_path, entries, images=False))


def test_whose_view_an_entry_is(tmp_path):
    places = annotations_of(tmp_path, made_h36m.toolbox_entries()).places
    assert len(places) == 20
    assert places[5] == ('h36m/s_09_act_05_subact_02/000001', 1, (9, 5, 2))
    assert places[19] == ('h36m/s_11_act_16_subact_02/000004', 3, (11, 16, 2))


def test_labels_by_hand(tmp_path):
    entry = made_h36m.toolbox_entries()[0]
    entry['joints_3d'][3] = [1500, -20, 7]
    entry['joints_2d'][3] = [12.5, 90]
    entry['joints_vis'][4] = 0
    entry['camera'].update(
        R=TURN, T=np.array([[1000.0], [2000], [3000]]), fx=[900], fy=[905]
    )
    label = annotations_of(tmp_path, [entry]).label(0)
    assert label.image == entry['image']
    assert label.keypoints[3].tolist() == [12.5, 90]
    np.testing.assert_allclose(label.world[3], [1.5, -0.02, 0.007])
    assert label.visible.tolist() == [True] * 4 + [False] + [True] * 12
    assert label.centre.tolist() == [80, 64]
    # The height of 0.25 does not count.
    assert label.size.tolist() == [100, 100]
    assert label.meta == dict(subject=9, action=2, subaction=1)
    np.testing.assert_allclose(label.camera['rotation'], TURN, atol=1e-15)
    # -TURN @ (1, 2, 3)
    np.testing.assert_allclose(label.camera['translation'], [2, -1, -3])
    assert label.camera['intrinsics'].diagonal().tolist() == [900, 905, 1]
    np.testing.assert_allclose(
        label.camera['distortion'][:5], [-0.1, 0.02, 0.001, -0.001, 0]
    )


def test_a_camera_that_moved_is_another_one(tmp_path):
    entries = made_h36m.toolbox_entries()
    entries[4]['camera']['T'] = entries[0]['camera']['T'] + [[0], [0], [500.0]]
    annotations = annotations_of(tmp_path, entries)
    first, moved, again = (annotations.label(i).camera for i in (0, 4, 8))
    assert again is first
    rotation = first['rotation']
    shift = moved['translation'] - first['translation']
    np.testing.assert_allclose(shift, -0.5 * rotation[:, 2], atol=1e-12)


@pytest.mark.parametrize(
    ('field', 'value', 'message'),
    [
        ('joints_2d', np.zeros((16, 2)), r'entry 1: joints_2d: expected 17 x 2 numb'),
        ('joints_3d', None, r'entry 1: joints_3d: expected 17 x 3 numbers'),
        ('center', [1, 2, 3], r'entry 1: center: expected 2 numbers'),
        ('camera', dict(R=TURN), r'entry 1, camera: fx is missing; there is R'),
        ('camera', None, r'entry 1, camera: expected named values, got None'),
    ],
)
def test_a_wrong_field_is_named(tmp_path, field, value, message):
    entries = made_h36m.toolbox_entries()
    entries[1][field] = value
    annotations = annotations_of(tmp_path, entries)
    with pytest.raises(ValueError, match=f'h36m_validation.pkl, {message}'):
        annotations.label(1)


def test_a_matrix_that_is_no_rotation(tmp_path):
    entries = made_h36m.toolbox_entries()
    entries[1]['camera']['R'] = 2 * TURN
    annotations = annotations_of(tmp_path, entries)
    message = "entry 1, camera '1': rotation: expected an orthonormal matrix"
    with pytest.raises(ValueError, match=message):
        annotations.label(1)


@pytest.mark.parametrize('field', ['subject', 'camera_id', 'image_id'])
def test_a_missing_number(tmp_path, field):
    entries = made_h36m.toolbox_entries()
    del entries[2][field]
    message = f"entry 2: expected whole numbers .*: KeyError: '{field}'"
    with pytest.raises(ValueError, match=message):
        annotations_of(tmp_path, entries)


def test_a_file_of_something_else(tmp_path):
    with pytest.raises(ValueError, match='expected a list of annotations, got a dict'):
        annotations_of(tmp_path, {})


class Evil:
    def __reduce__(self):
        return exec, ("raise SystemError('code of the pickle ran')",)


def test_code_in_the_pickle_is_not_run(tmp_path):
    with pytest.raises(ValueError, match='asks for builtins.exec; nothing of it was'):
        annotations_of(tmp_path, [Evil()])
