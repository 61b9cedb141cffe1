import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration

MATRIX = """{key}: !!opencv-matrix
  rows: {rows}
  cols: {columns}
  dt: d
  data: [{data}]
"""


def matrix(key, rows, columns, data):
    return MATRIX.format(key=key, rows=rows, columns=columns, data=data)


def folder(tmp_path, *, rotation='1, 0, 0, 0, 0, -1, 0, 1, 0', distortion='dist_01'):
    """As EasyMocap writes it: six digits, and lines that end in CR LF."""
    head = '%YAML:1.0\n---\nnames:\n  - "01"\n'
    intrinsics = (
        head
        + matrix('K_01', 3, 3, '900.0, 0.0, 510.0, 0.0, 905.0, 395.0, 0.0, 0.0, 1.0')
        + matrix(distortion, 1, 5, '-0.1, 0.2, 0.003, 0.004, 0.5')
        + 'H_01: 800\nW_01: 1000\n'
    )
    extrinsics = (
        head
        + matrix('R_01', 3, 1, '1.570796, 0.0, 0.0')
        + matrix('Rot_01', 3, 3, rotation)
        + matrix('T_01', 3, 1, '0.5, 1.0, 4.0')
    )
    for name, text in (('intri.yml', intrinsics), ('extri.yml', extrinsics)):
        (tmp_path / name).write_text(text, newline='\r\n')
    return tmp_path


@pytest.mark.parametrize('distortion', ['dist_01', 'D_01'])
def test_reads_what_easymocap_writes(tmp_path, distortion):
    read = read_calibration(folder(tmp_path, distortion=distortion))
    assert read.names == ('01',)
    assert read.image_sizes == ((1000, 800),)
    assert read.cameras.translation.tolist() == [[0.5, 1, 4]]
    assert read.cameras.distortion[0, :5].tolist() == [-0.1, 0.2, 0.003, 0.004, 0.5]
    turned = read.cameras.rotation[0].numpy().round(5)
    assert turned.tolist() == [[1, 0, 0], [0, 0, -1], [0, 1, 0]]


def test_rotations_that_contradict_each_other(tmp_path):
    path = folder(tmp_path, rotation='1, 0, 0, 0, 1, 0, 0, 0, 1')
    with pytest.raises(
        ValueError,
        match="'01': R_01: expected the rotation of Rot_01, got one that differs by 1",
    ):
        read_calibration(path)


def test_size_zero_is_none(tmp_path):
    path = folder(tmp_path)
    text = (path / 'intri.yml').read_text().replace('800', '0').replace('1000', '-1')
    (path / 'intri.yml').write_text(text)
    assert read_calibration(path).image_sizes == (None,)


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('K_01', 'K_02', "camera '01': K_01 is missing; there is names, "),
        ('names', 'cameras', 'intri.yml: names: expected a list, got None'),
        ('%YAML:1.0', '', 'tri.yml: expected a file of OpenCV'),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, message):
    path = folder(tmp_path)
    for name in ('intri.yml', 'extri.yml'):
        (path / name).write_text((path / name).read_text().replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_calibration(path, format='easymocap')


@pytest.mark.parametrize('size', [(1000, 800), None])
def test_round_trip(tmp_path, made_up, size):
    ring = made_up.ring(
        distortion=(-0.2, 0.1, 0.001, -0.002, 0.03), skew=0.5, size=size
    )
    write_calibration(ring, tmp_path / 'out', format='easymocap')
    made_up.expect_equal(read_calibration(tmp_path / 'out'), ring)


def test_names_that_are_no_keys(tmp_path, made_up):
    ring = made_up.ring(1)
    object.__setattr__(ring, 'names', ('left camera',))
    with pytest.raises(ValueError, match="name of camera 'left camera': expected let"):
        write_calibration(ring, tmp_path, format='easymocap')
