import cv2
import numpy as np
import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration

K = np.array([[900.0, 0, 510], [0, 905, 395], [0, 0, 1]])
D = np.array([[-0.1, 0.2, 0.003, 0.004, 0.5]])


def store(path, **nodes):
    storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
    for name, value in nodes.items():
        storage.write(name, value)
    storage.release()


@pytest.mark.parametrize(
    ('rotation', 'translation', 'value'),
    [
        ('rvec', 'tvec', np.array([[np.pi / 2], [0], [0]])),
        ('R', 'T', np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])),
        ('rotation', 'translation', np.array([[np.pi / 2, 0, 0]])),
    ],
)
@pytest.mark.parametrize('suffix', ['yml', 'yaml', 'xml'])
def test_a_file_for_each_camera(tmp_path, rotation, translation, value, suffix):
    store(
        tmp_path / f'left.{suffix}',
        calibration_time='today',
        image_width=1000,
        image_height=800,
        camera_matrix=K,
        distortion_coefficients=D,
        **{rotation: value, translation: np.array([[0.5], [1], [4]])},
    )
    read = read_calibration(tmp_path)
    assert read.names == ('left',)
    assert read.image_sizes == ((1000, 800),)
    assert read.cameras.intrinsics[0].tolist() == K.tolist()
    assert read.cameras.distortion[0, :5].tolist() == D[0].tolist()
    assert read.cameras.translation[0].tolist() == [0.5, 1, 4]
    turned = read.cameras.rotation[0].numpy().round(12)
    assert turned.tolist() == [[1, 0, 0], [0, 0, -1], [0, 1, 0]]


def test_a_stereo_pair(tmp_path):
    other = K + np.array([[10.0, 0, 0], [0, 0, 0], [0, 0, 0]])
    store(tmp_path / 'intrinsics.yml', M1=K, D1=D, M2=other, D2=0 * D)
    store(tmp_path / 'extrinsics.yml', R=np.eye(3), T=np.array([[-120.0], [0], [0]]))
    read = read_calibration(tmp_path, unit='mm')
    assert read.names == ('1', '2')
    assert read.cameras.intrinsics.diagonal(dim1=-2, dim2=-1)[..., :2].tolist() == [
        [900, 905],
        [910, 905],
    ]
    assert read.cameras.centres.tolist() == [[0, 0, 0], [0.12, 0, 0]]


def test_what_is_wrong_is_named(tmp_path):
    store(tmp_path / 'left.yml', camera_matrix=K, distortion_coefficients=D)
    with pytest.raises(ValueError, match='left.yml: rotation or R or rvec is missing'):
        read_calibration(tmp_path)
    store(tmp_path / 'left.yml', camera_matrix=K, fisheye_model=1)
    with pytest.raises(ValueError, match='left.yml: fisheye_model: expected a lens'):
        read_calibration(tmp_path)
    with pytest.raises(
        ValueError, match="left.yml: expected a folder, which the format 'opencv' is"
    ):
        read_calibration(tmp_path / 'left.yml', format='opencv')


@pytest.mark.parametrize('size', [(1000, 800), None])
def test_round_trip(tmp_path, made_up, size):
    ring = made_up.ring(distortion=np.arange(12) / 100, skew=0.5, size=size)
    path = tmp_path / 'cameras'
    write_calibration(ring, path, format='opencv')
    made_up.expect_equal(read_calibration(path), ring)


def test_no_mixture_of_calibrations(tmp_path, made_up):
    write_calibration(made_up.ring(4), tmp_path, format='opencv')
    write_calibration(made_up.ring(4), tmp_path, format='opencv')
    with pytest.raises(ValueError, match='without other cameras, got cam2.yml, cam3.y'):
        write_calibration(made_up.ring(2), tmp_path, format='opencv')


def test_names_that_are_no_files(tmp_path, made_up):
    ring = made_up.ring(1)
    object.__setattr__(ring, 'names', ('../left',))
    with pytest.raises(ValueError, match="name of camera '../left': expected that of"):
        write_calibration(ring, tmp_path, format='opencv')
