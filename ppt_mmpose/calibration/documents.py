"""Text files of calibrations as plain dictionaries, before any of it is understood."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import cv2
import numpy as np
import tomli_w

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MATRIX = {'rows', 'cols', 'dt', 'data'}


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no text.
    """
    try:
        return path.read_text(encoding='utf-8')
    except UnicodeDecodeError as error:
        raise ValueError(f'{path}: expected text in UTF-8: {error}') from None


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders on the way to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')


def read_toml(path: Path) -> Dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        ValueError: if it is none.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f'{path}: expected TOML: {error}') from None


def write_toml(path: Path, tables: Mapping[str, Any]) -> None:
    """Write tables as TOML; numbers keep all their digits."""
    write_text(path, tomli_w.dumps(tables))


def read_json(path: Path) -> Dict[str, Any]:
    """The object in a JSON file.

    Raises:
        ValueError: if it is no JSON, something else than an object, or has a name
            twice in one object, of which only the last would be seen.
    """
    try:
        document = json.loads(read_text(path), object_pairs_hook=_each_once)
    except ValueError as error:
        raise ValueError(f'{path}: expected JSON: {error}') from None
    if not isinstance(document, dict):
        raise ValueError(
            f'{path}: expected a JSON object, got a {type(document).__name__}'
        )
    return document


def _each_once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    counts = Counter(name for name, _ in pairs)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise ValueError(f'each name once in an object, got twice {twice}')
    return dict(pairs)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write an object as JSON; numbers keep all their digits."""
    write_text(path, json.dumps(document, indent=1))


def read_opencv(path: Path) -> Dict[str, Any]:
    """The nodes of a file of OpenCV's FileStorage: matrices, numbers, strings, lists.

    Raises:
        ValueError: if it is none.
    """
    text = read_text(path)
    flags = cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY
    try:
        storage = cv2.FileStorage(text, flags)
        root = storage.root()
        return _values(root)
    # OpenCV's parser fails in the first two ways, a matrix that is none in the last.
    except (SystemError, cv2.error, ValueError):
        raise ValueError(
            f'{path}: expected a file of OpenCV (YAML with %YAML:1.0 first, or XML)'
        ) from None


def write_opencv(path: Path, nodes: Mapping[str, Any]) -> None:
    """Write matrices, numbers, strings and lists of strings for OpenCV's FileStorage.

    Numbers keep all their digits.
    """
    flags = cv2.FILE_STORAGE_WRITE | cv2.FILE_STORAGE_MEMORY
    storage = cv2.FileStorage('.yml', flags | cv2.FILE_STORAGE_FORMAT_YAML)
    for name, value in nodes.items():
        if isinstance(value, list):
            storage.startWriteStruct(name, cv2.FileNode_SEQ)
            for entry in value:
                storage.write('', entry)
            storage.endWriteStruct()
        else:
            storage.write(name, value)
    write_text(path, storage.releaseAndGetString())


def _value(node: Any) -> Any:
    if node.isInt():
        return int(node.real())
    if node.isReal():
        return node.real()
    if node.isString():
        return node.string()
    if node.isSeq():
        return [_value(node.at(index)) for index in range(node.size())]
    if node.isMap():
        values = _values(node)
        return _matrix(values) if set(values) >= _MATRIX else values
    return None


def _matrix(values: Mapping[str, Any]) -> np.ndarray:
    # OpenCV itself reads nonsense where a matrix of doubles is written with integers.
    return np.array(values['data'], np.float64).reshape(values['rows'], values['cols'])


def _values(node: Any) -> Dict[str, Any]:
    names: List[str] = node.keys()
    return {name: _value(node.getNode(name)) for name in names}
