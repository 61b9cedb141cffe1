import made_h36m
import numpy as np
import pytest
import torch

from ppt_mmpose.datasets.multiview_annotations import PreparedH36M
from ppt_mmpose.geometry import Cameras


def annotations_of(tmp_path, arrays=None, cameras=None):
    return PreparedH36M(*made_h36m.write_prepared(tmp_path, arrays, cameras))


def takes_of(tmp_path, *names):
    arrays = made_h36m.prepared_arrays(names)
    places = annotations_of(tmp_path, arrays).places
    return [place.take for place in places[: len(names)]]


def test_whose_view_an_entry_is(tmp_path):
    places = annotations_of(tmp_path).places
    assert len(places) == 8
    assert places[2] == ('h36m/S9_Waiting_1/000006', 1, (9, 13, 1))
    assert places[7] == ('h36m/S9_Waiting/000006', 3, (9, 13, 2))


def test_which_of_two_takes_of_an_action(tmp_path):
    takes = takes_of(
        tmp_path,
        *('S9_Greeting', 'S9_Greeting_1', 'S9_Eating_2', 'S9_Eating'),
        *('S9_Sitting_1', 'S9_Sitting_2', 'S9_WalkDog', 'S9_TakingPhoto_1'),
    )
    expected = [(5, 2), (5, 1), (4, 1), (4, 2), (9, 1), (9, 2), (15, 2), (12, 1)]
    assert takes == [(9, *take) for take in expected]


def test_labels_are_put_into_the_world(tmp_path):
    annotations = annotations_of(tmp_path)
    _, poses, pixels = made_h36m.seen(2)
    for index, (view, take) in enumerate((v, t) for v in range(4) for t in range(2)):
        label = annotations.label(index)
        np.testing.assert_allclose(label.world, poses[take], atol=1e-12)
        np.testing.assert_allclose(label.keypoints, pixels[take, view])
        assert label.visible.all()
        assert label.centre.tolist() == [80 + view, 64]
        assert label.size.tolist() == [100, 100]
        assert label.camera['image_size'] is None
        assert label.meta == dict(subject=9, action=13, subaction=take + 1)


def test_a_hidden_joint(tmp_path):
    arrays = made_h36m.prepared_arrays()
    arrays['part'][0, 5, 2] = 0
    visible = annotations_of(tmp_path, arrays).label(0).visible
    assert visible.tolist() == [True] * 5 + [False] + [True] * 11


def test_a_camera_that_the_calibration_lacks(tmp_path):
    cameras = made_h36m.prepared_cameras()
    del cameras['S9', '58860488']
    message = (
        r'cameras.pkl: expected the camera S9_58860488 of S9/.*_000006.jpg, got '
        'S9_54138969, S9_55011271, S9_60457274$'
    )
    with pytest.raises(ValueError, match=message):
        annotations_of(tmp_path, cameras=cameras)
    with pytest.raises(ValueError, match='S9_54138969 of .* got none of S9$'):
        annotations_of(tmp_path, cameras=made_h36m.prepared_cameras('S1'))


@pytest.mark.parametrize('name', ['S9_Flying.54138969_000006.jpg', 'a.jpg'])
def test_an_image_of_another_name(tmp_path, name):
    arrays = made_h36m.prepared_arrays()
    arrays['imgname'][3] = name
    message = f"h36m_test.npz: imgname: expected names as S1_.* got '{name}'"
    with pytest.raises(ValueError, match=message):
        annotations_of(tmp_path, arrays)


def test_arrays_that_are_missing_or_misshapen(tmp_path):
    arrays = made_h36m.prepared_arrays()
    message = r'h36m_test.npz: S: expected the shape \(8, 17, 4\), got \(8, 24, 4\)'
    with pytest.raises(ValueError, match=message):
        annotations_of(tmp_path, arrays | dict(S=np.zeros((8, 24, 4))))
    del arrays['part']
    with pytest.raises(ValueError, match='h36m_test.npz: .* got no part$'):
        annotations_of(tmp_path, arrays)


def test_real_labels_are_where_their_cameras_see_them(mmpose_sample):
    folder = mmpose_sample / 'h36m'
    annotations = PreparedH36M(folder / 'test_h36m_body3d.npz', folder / 'cameras.pkl')
    assert [place.view for place in annotations.places] == [0, 0, 1, 1]
    takes = [(1, 2, 1), (5, 10, 2), (7, 5, 2), (8, 15, 1)]
    assert [place.take for place in annotations.places] == takes
    for index in range(4):
        label = annotations.label(index)
        camera = {k: v for k, v in label.camera.items() if k != 'image_size'}
        cameras = Cameras(**{k: torch.from_numpy(v)[None] for k, v in camera.items()})
        pixels = cameras.project(torch.from_numpy(label.world)).pixels[0].numpy()
        assert np.abs(pixels - label.keypoints).max() < 0.3
        # People stand on the floor of a room.
        assert 0 <= label.world[:, 2].min() < 0.2
