import re

import cv2
import numpy as np
import pytest

from ppt_mmpose.calibration import documents

NUMBERS = [0.1, 1 / 3, -1e-300, 123456789.123456789]


def test_text_with_folders_on_the_way(tmp_path):
    path = tmp_path / 'a' / 'b.txt'
    documents.write_text(path, 'käm\n')
    assert path.read_bytes() == 'käm\n'.encode()
    assert documents.read_text(path) == 'käm\n'
    path.write_bytes(b'a\xff')
    with pytest.raises(
        ValueError, match='b.txt: expected text in UTF-8: .* position 1: invalid'
    ):
        documents.read_text(path)
    with pytest.raises(FileNotFoundError):
        documents.read_text(tmp_path / 'none')


def test_toml(tmp_path):
    path = tmp_path / 'a.toml'
    documents.write_toml(path, {'left.camera': dict(T=NUMBERS)})
    assert documents.read_toml(path) == {'left.camera': dict(T=NUMBERS)}
    path.write_text('a = [')
    with pytest.raises(ValueError, match='a.toml: expected TOML: .*Invalid value'):
        documents.read_toml(path)


def test_json(tmp_path):
    path = tmp_path / 'a.json'
    documents.write_json(path, dict(T=NUMBERS))
    assert documents.read_json(path) == dict(T=NUMBERS)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{', 'expected JSON: Expecting property name'),
        ('[1]', 'expected a JSON object, got a list$'),
        ('null', 'expected a JSON object, got a NoneType$'),
        (
            '{"a": {"K": 1, "T": 2, "K": 1}}',
            r"expected JSON: each name once in an object, got twice \['K'\]$",
        ),
    ],
)
def test_what_is_no_json_object(tmp_path, text, message):
    path = tmp_path / 'a.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=f'a.json: {message}'):
        documents.read_json(path)


def test_opencv_reads_what_is_written(tmp_path):
    path = tmp_path / 'a.yml'
    matrix = np.array(NUMBERS).reshape(2, 2)
    documents.write_opencv(
        path, dict(K=matrix, width=1000, scale=1 / 3, model='x', names=['01', 'b'])
    )
    read = documents.read_opencv(path)
    assert read['K'].tolist() == matrix.tolist()
    assert {name: read[name] for name in read if name != 'K'} == dict(
        width=1000, scale=1 / 3, model='x', names=['01', 'b']
    )
    storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_READ)
    assert storage.getNode('K').mat().tolist() == matrix.tolist()


@pytest.mark.parametrize(
    'text',
    [
        '%YAML:1.0\n---\nR: !!opencv-matrix\n  rows: 1\n  cols: 2\n  dt: d\n'
        '  data: [1, 2.5]\nlens: {k: 3}\n',
        '<?xml version="1.0"?><opencv_storage><R type_id="opencv-matrix"><rows>1</rows>'
        '<cols>2</cols><dt>d</dt><data>1 2.5</data></R><lens><k>3</k></lens>'
        '</opencv_storage>',
    ],
)
def test_opencv_of_both_kinds_and_doubles_written_as_integers(tmp_path, text):
    path = tmp_path / 'a.xml'
    path.write_text(text)
    read = documents.read_opencv(path)
    assert read['R'].tolist() == [[1, 2.5]]
    assert read['lens'] == dict(k=3)


@pytest.mark.parametrize(
    'text',
    [
        '',
        'K: 1\n',
        '%YAML:1.0\n---\n- 1\n',
        '%YAML:1.0\n---\nR: !!opencv-matrix\n  rows: 1\n  cols: 2\n  dt: d\n'
        '  data: [1]\n',
    ],
    ids=['empty', 'plain YAML', 'list', 'matrix of too few'],
)
def test_what_is_not_of_opencv(tmp_path, text):
    path = tmp_path / 'a.yml'
    path.write_text(text)
    message = 'a.yml: expected a file of OpenCV (YAML with %YAML:1.0 first, or XML)'
    with pytest.raises(ValueError, match=re.escape(message)):
        documents.read_opencv(path)
