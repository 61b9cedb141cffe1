import numpy as np
import pytest

from ppt_mmpose.datasets.pose_sequences import window_at, window_starts


def test_chunks_are_centred_on_the_video():
    # Two chunks of 5 for 7 frames: 3 too many, of which 1 is before the first.
    starts = window_starts(7, 5, 5)
    assert starts.tolist() == [-1, 4]
    first, second = (window_at(start, 5, 7) for start in starts)
    assert first.frames.tolist() == [0, 0, 1, 2, 3]
    assert first.padded.tolist() == [True, False, False, False, False]
    assert second.frames.tolist() == [4, 5, 6, 6, 6]
    assert second.padded.tolist() == [False, False, False, True, True]


@pytest.mark.parametrize('frames', [1, 4, 5])
def test_a_window_around_each_frame(frames):
    starts = window_starts(7, frames, 1)
    assert len(starts) == 7
    for frame, start in enumerate(starts):
        window = window_at(start, frames, 7)
        assert window.frames[frames // 2] == frame
        assert not window.padded[frames // 2]


def test_as_in_the_released_generator():
    # Of VideoPose3D's, with chunks of c frames and p more on either side.
    for length in range(1, 40):
        for chunk, pad in ((9, 0), (1, 4), (3, 3)):
            chunks = (length + chunk - 1) // chunk
            offset = (chunks * chunk - length) // 2
            expected = [i * chunk - offset - pad for i in range(chunks)]
            assert window_starts(length, chunk + 2 * pad, chunk).tolist() == expected


@pytest.mark.parametrize('frames', [1, 2, 9, 10])
def test_every_frame_is_shown(frames):
    for stride in range(1, frames + 1):
        for length in range(1, 25):
            seen = []
            for start in window_starts(length, frames, stride):
                window = window_at(start, frames, length)
                seen.extend(window.frames[~window.padded].tolist())
            assert set(seen) == set(range(length))
            if stride == frames:
                assert seen == list(range(length))


def test_a_video_shorter_than_a_window():
    (start,) = window_starts(2, 5, 5)
    window = window_at(start, 5, 2)
    assert window.frames.tolist() == [0, 0, 1, 1, 1]
    assert np.flatnonzero(~window.padded).tolist() == [1, 2]


@pytest.mark.parametrize(
    ('frames', 'stride', 'message'),
    [
        (0, 1, 'frames: expected 1 or more, got 0'),
        (5, 6, 'stride: expected 1 to 5, .* got 6'),
        (5, 0, 'stride: expected 1 to 5, .* got 0'),
    ],
)
def test_errors(frames, stride, message):
    with pytest.raises(ValueError, match=message):
        window_starts(7, frames, stride)
