"""The text of a BVH file, ours or another program's, as numbers."""

import math
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Deque, List, NoReturn, Tuple, Union

import numpy as np
from scipy.spatial.transform import Rotation

_CHANNELS = tuple(axis + kind for kind in ('position', 'rotation') for axis in 'XYZ')
_KNOWN = {channel.lower(): channel for channel in _CHANNELS}


@dataclass
class BvhText:
    """What a BVH file tells.

    Attributes:
        names: J, each after its parent.
        parents: J, by number; -1 for the root.
        offsets: J triples, from the parent, in the file's unit.
        channels: of each joint, some of `_CHANNELS`, in the order of the numbers.
        frame_time: s.
        rows: ``(T, channels of all joints)``, in the file's unit and degrees.
    """

    names: Tuple[str, ...] = ()
    parents: List[int] = field(default_factory=list)
    offsets: List[List[float]] = field(default_factory=list)
    channels: List[List[str]] = field(default_factory=list)
    frame_time: float = 0.0
    rows: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))


def read_text(path: Union[str, Path]) -> BvhText:
    """Read a BVH file.

    Raises:
        ValueError: for one that is none, naming it and the line.
    """
    lines = Path(path).read_text(encoding='utf-8-sig', errors='replace').splitlines()
    words = _Words(path, lines)
    text = BvhText()
    words.expect('HIERARCHY')
    words.expect('ROOT')
    _read_joint(words, text, -1)
    words.expect('MOTION')
    words.expect('Frames:')
    count = words.whole()
    words.expect('Frame')
    words.expect('Time:')
    text.frame_time = words.number()
    if text.frame_time <= 0:
        words.refuse('seconds', f'{text.frame_time}')
    text.rows = _read_rows(words, lines, sum(map(len, text.channels)), count)
    return text


def translations_and_rotations(text: BvhText) -> Tuple[np.ndarray, np.ndarray]:
    """Each joint against its parent.

    Returns:
        ``(T, J, 3)``, the file's unit, and ``(T, J, 3, 3)``, for columns.
    """
    frames, joints = len(text.rows), len(text.names)
    steps = np.tile(np.array(text.offsets), (frames, 1, 1))
    turned = np.tile(np.eye(3), (frames, joints, 1, 1))
    start = 0
    for joint, channels in enumerate(text.channels):
        values = text.rows[:, start : start + len(channels)]
        start += len(channels)
        order = ''
        for number, channel in enumerate(channels):
            if channel.endswith('position'):
                steps[:, joint, 'XYZ'.index(channel[0])] = values[:, number]
            else:
                order += channel[0]
        if order and frames:
            about = [n for n, name in enumerate(channels) if name.endswith('rotation')]
            found = Rotation.from_euler(order, values[:, about], degrees=True)
            turned[:, joint] = found.as_matrix()
    return steps, turned


class _Words:
    """The words of the file one by one, up to the rows, with their lines."""

    def __init__(self, path: Union[str, Path], lines: List[str]) -> None:
        self._path = path
        self.line = 1
        self._left: Deque[Tuple[int, str]] = deque()
        for number, line in enumerate(lines, start=1):
            # Some write braces beside names.
            spaced = line.replace('{', ' { ').replace('}', ' } ')
            self._left.extend((number, word) for word in spaced.split())
            if line.split()[:2] == ['Frame', 'Time:']:
                break

    def next(self) -> str:
        """The next word; empty at the end."""
        if not self._left:
            return ''
        self.line, word = self._left.popleft()
        return word

    def refuse(self, expected: str, got: str) -> NoReturn:
        """Raise the error for the word that was read last."""
        raise ValueError(
            f'{self._path}: line {self.line}: expected {expected}, got '
            f'{got or "the end of the file"}'
        )

    def expect(self, word: str) -> None:
        """Read this word."""
        got = self.next()
        if got.upper() != word.upper():
            self.refuse(word, got)

    def number(self) -> float:
        """Read a number."""
        got = self.next()
        try:
            value = float(got)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.refuse('a number', got)
        return value

    def whole(self) -> int:
        """Read a count."""
        got = self.next()
        if not got.isdecimal():
            self.refuse('a count', got)
        return int(got)

    def name(self) -> str:
        """Read the rest of this line, and the brace that comes then."""
        parts: List[str] = []
        line = self.line
        while (word := self.next()) != '{':
            if not word or self.line != line:
                self.refuse('{', word)
            parts.append(word)
        if not parts:
            self.refuse('a name', '{')
        return ' '.join(parts)


def _read_joint(words: _Words, text: BvhText, parent: int) -> None:
    """Read one from its name to its last brace, with all joints below it."""
    number = len(text.names)
    text.names += (words.name(),)
    text.parents.append(parent)
    words.expect('OFFSET')
    text.offsets.append([words.number() for _ in range(3)])
    text.channels.append([])
    while (word := words.next().upper()) != '}':
        if word == 'CHANNELS':
            text.channels[number] = _read_channels(words)
        elif word == 'JOINT':
            _read_joint(words, text, number)
        elif word == 'END':
            words.name()
            words.expect('OFFSET')
            for _ in range(3):
                words.number()
            words.expect('}')
        else:
            words.refuse('CHANNELS, JOINT, End Site or }', word)


def _read_channels(words: _Words) -> List[str]:
    found: List[str] = []
    for _ in range(words.whole()):
        word = words.next()
        channel = _KNOWN.get(word.lower())
        if channel is None or channel in found:
            words.refuse(f'one of {", ".join(_CHANNELS)}, each once', word)
        found.append(channel)
    return found


def _read_rows(words: _Words, lines: List[str], width: int, count: int) -> np.ndarray:
    """``(count, width)`` numbers, a row a line."""
    rows: List[np.ndarray] = []
    for number, line in enumerate(lines[words.line :], start=words.line + 1):
        words.line, cells = number, line.split()
        if not cells:
            continue
        try:
            row = np.array(cells, dtype=float)
        except ValueError:
            row = np.full(len(cells), np.nan)
        if len(row) != width:
            words.refuse(f'{width} numbers', str(len(row)))
        if not np.isfinite(row).all():
            words.refuse('numbers', line.strip()[:60])
        rows.append(row)
    if len(rows) != count:
        words.refuse(f'{count} frames, as the file tells', str(len(rows)))
    return np.array(rows).reshape(count, width)
