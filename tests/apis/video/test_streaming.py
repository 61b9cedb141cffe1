import numpy as np
import pytest
from known_people import KnownPeople, frames, moving
from small_video import small_inferencer

from ppt_mmpose.apis.video import PoseStream, run_stream
from ppt_mmpose.motion_files import read_motion

SIZE = (1000, 1000)


def test_files_grow_and_are_read_back(tmp_path):
    second = [None] * 6 + list(moving(14, index=4, shift=300)[6:])
    inferencer = small_inferencer(tmp_path, KnownPeople(moving(14), second))
    out = tmp_path / 'out'
    sizes = []

    def watched():
        for image in frames(14, SIZE):
            path = out / 'person_0.trc'
            sizes.append(path.stat().st_size if path.exists() else 0)
            yield image

    text = run_stream(
        inferencer, watched(), out, formats=['npz', 'trc'], rate=25, delay=2,
        progress=False,
    )  # fmt: skip
    assert text == ('14 frames; poses came 2 frames after them, 0.08 s\npeople: 0, 1')
    assert sizes[:3] == [0, 0, 0]
    assert (np.diff(sizes[3:]) > 0).all()
    stream = PoseStream(inferencer, rate=25, delay=2)
    wanted = [
        pose
        for image in frames(14, SIZE)
        for pose in stream.push(image)
        if pose.track == 1
    ]
    _, instants = read_motion(out / 'person_1.npz')
    assert [one.index for one in instants] == list(range(6, 14))
    np.testing.assert_allclose(
        [one.keypoints_3d for one in instants[:6]],
        [pose.keypoints_3d for pose in wanted],
    )


def test_what_came_before_an_error_is_written(tmp_path):
    def broken():
        yield from frames(6, SIZE)
        raise ValueError('the camera is gone')

    inferencer = small_inferencer(tmp_path, KnownPeople(moving(6)))
    out = tmp_path / 'out'
    with pytest.raises(ValueError, match='the camera is gone'):
        run_stream(inferencer, broken(), out, formats=['npz'], delay=1, progress=False)
    _, instants = read_motion(out / 'person_0.npz')
    assert [one.index for one in instants] == list(range(5))


def test_nobody_and_nothing(tmp_path):
    inferencer = small_inferencer(tmp_path, KnownPeople())
    out = tmp_path / 'out'
    text = run_stream(inferencer, frames(3), out, progress=False)
    assert text.endswith('people: nobody')
    assert not out.exists()
    with pytest.raises(ValueError, match='expected frames that can be decoded, got no'):
        run_stream(inferencer, iter([]), out, progress=False)
    with pytest.raises(ValueError, match='^formats: expected some of'):
        run_stream(inferencer, frames(3), out, formats=['fbx'], progress=False)
