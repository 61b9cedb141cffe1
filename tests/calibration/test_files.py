import json
from dataclasses import replace

import pytest

from ppt_mmpose.calibration import (
    FORMATS,
    format_names,
    read_calibration,
    write_calibration,
)

LOST_SIZES = {'voxelpose', 'krt_text'}


@pytest.fixture
def ring(made_up):
    """Cameras that every format can hold."""
    ring = made_up.ring(3, distortion=(-0.1, 0.05))
    object.__setattr__(ring, 'names', ('S1_a', 'S1_b', 'S2_c'))
    return ring


@pytest.mark.parametrize('name', FORMATS)
def test_every_format_is_written_recognised_and_read(tmp_path, made_up, ring, name):
    path = tmp_path / f'cameras{FORMATS[name].suffix}'
    write_calibration(ring, path, format=name)
    made_up.expect_equal(read_calibration(path), ring, sizes=name not in LOST_SIZES)


@pytest.mark.parametrize('name', FORMATS)
def test_the_unit_is_applied(tmp_path, ring, name):
    path = tmp_path / f'cameras{FORMATS[name].suffix}'
    write_calibration(ring, path, format=name)
    twice = read_calibration(
        path, unit=2 * dict(m=1, cm=0.01, mm=0.001)[FORMATS[name].unit]
    )
    difference = twice.cameras.translation - 2 * ring.cameras.translation
    assert difference.abs().max() < 1e-9


def test_the_table():
    assert format_names() == list(FORMATS)
    for name, kind in FORMATS.items():
        assert kind.name == name
        assert kind.unit in ('m', 'cm', 'mm')
        assert kind.suffix == '' or kind.suffix.startswith('.')
        assert kind.description
        assert kind.recognised_by


def test_what_is_not_recognised(tmp_path):
    path = tmp_path / 'a.json'
    path.write_text(json.dumps(dict(something=1)))
    with pytest.raises(
        ValueError,
        match='a.json: the content is not that of a known '
        r'format; give the format: anipose, pose2sim, easymocap \(a folder\), ',
    ):
        read_calibration(path)
    (tmp_path / 'empty').mkdir()
    with pytest.raises(ValueError, match='empty: the content is not that of a known'):
        read_calibration(tmp_path / 'empty')
    (tmp_path / 'a.png').touch()
    with pytest.raises(ValueError, match='a.png: the content is not that of a known'):
        read_calibration(tmp_path / 'a.png')


@pytest.mark.parametrize(
    ('name', 'message'),
    [
        ('a.toml', 'a.toml: expected TOML: '),
        ('a.json', 'a.json: expected JSON: '),
        ('a.pkl', 'a.pkl: expected a pickle: '),
        ('a.txt', 'a.txt: expected text in UTF-8: '),
    ],
)
def test_broken_files_say_what_is_broken(tmp_path, name, message):
    (tmp_path / name).write_bytes(b'\xff' if name == 'a.txt' else b'[1, {')
    with pytest.raises(ValueError, match=message):
        read_calibration(tmp_path / name)


def test_what_fits_two_formats_is_asked_for(tmp_path, ring, monkeypatch):
    path = tmp_path / 'a.txt'
    write_calibration(ring, path)
    also = replace(FORMATS['krt_text'], name='also')
    monkeypatch.setitem(FORMATS, 'also', also)
    with pytest.raises(ValueError, match='fits more than one; give the format: krt_te'):
        read_calibration(path)


def test_arguments(tmp_path, ring):
    path = tmp_path / 'a.txt'
    with pytest.raises(FileNotFoundError, match='no such file or folder: .*a.txt'):
        read_calibration(path)
    write_calibration(ring, path)
    with pytest.raises(ValueError, match="format: expected one of anipose, .*'xml'"):
        read_calibration(path, format='xml')
    with pytest.raises(
        ValueError,
        match='subject: expected None, because the format '
        "'krt_text' of .* has no subjects, got 'S1'",
    ):
        read_calibration(path, subject='S1')
    with pytest.raises(ValueError, match="unit: expected m, cm, mm or a number.*'ft'"):
        read_calibration(path, unit='ft')


@pytest.mark.parametrize('name', FORMATS)
def test_files_are_no_folders(tmp_path, ring, name):
    """Nor the other way round, neither to read nor to write."""
    path = tmp_path / f'cameras{FORMATS[name].suffix}'
    if FORMATS[name].suffix:
        path.mkdir()
        message = f'expected a file, which the format {name!r} is, got a folder'
    else:
        path.touch()
        message = f'expected a folder, which the format {name!r} is, got a file'
    with pytest.raises(ValueError, match=f'cameras.*: {message}$'):
        read_calibration(path, format=name)
    with pytest.raises(ValueError, match=f'cameras.*: {message}$'):
        write_calibration(ring, path, format=name)
    with pytest.raises(ValueError, match='the content is not that of a known format'):
        read_calibration(path)


def test_capitals_and_the_long_suffix_of_pickles(tmp_path, made_up, ring):
    for name, suffix in (('anipose', '.TOML'), ('h36m', '.pickle')):
        path = tmp_path / f'cameras{suffix}'
        write_calibration(ring, path, format=name)
        made_up.expect_equal(read_calibration(path), ring)


@pytest.mark.parametrize(
    ('name', 'old', 'new', 'message'),
    [
        ('anipose', 'matrix', 'K', r"table 'cam_0': expected no more than .*, got K$"),
        ('anipose', 'translation', 'name2', "'cam_0': expected no more.*got name2$"),
        ('pose2sim', 'size', 'sizes', "table 'cam_01': expected no more.*got sizes$"),
        ('panoptic', '"K"', '"k"', r'cameras\[0\]: K is missing; there is name, type'),
        ('mmpose', '"f"', '"focal"', "camera 'S1_a': f is missing; there is R, T, fo"),
        ('voxelpose', '"cx"', '"x"', "camera 'S1_a': cx is missing; there is R, T, fx"),
    ],
)
def test_one_wrong_camera_is_named_without_a_format(
    tmp_path, ring, name, old, new, message
):
    path = tmp_path / f'cameras{FORMATS[name].suffix}'
    write_calibration(ring, path, format=name)
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ValueError, match=message):
        read_calibration(path)


@pytest.mark.parametrize(
    ('name', 'expected'),
    [('a.toml', 'anipose, pose2sim'), ('folder', 'easymocap, opencv'), ('a.csv', 'an')],
)
def test_where_to_write_does_not_tell_the_format(tmp_path, ring, name, expected):
    with pytest.raises(ValueError, match=f'format: expected one of {expected}.* for '):
        write_calibration(ring, tmp_path / name)
