import warnings

import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.views import Plan, make_views
from ppt_mmpose.datasets.synthetic.views.picture import WIDTH, instant_picture
from ppt_mmpose.visualization.multiview.overlays import REPROJECTED


@pytest.fixture(scope='module')
def recording(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp('views'))
    return make_views(folder, Plan(cameras=3, size=96), train=2, val=1)['train']


def test_views_and_world_are_in_one_picture(recording):
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        first = instant_picture(recording, 0)
    height, width = first.shape[:2]
    assert first.dtype == np.uint8
    assert (height, width > 5 * WIDTH) == (2 * WIDTH, True)
    magenta = (first[..., ::-1] == REPROJECTED).all(-1)
    # In each of the three views, and not in the world.
    views = width - height
    for view in range(3):
        columns = slice(view * views // 3, (view + 1) * views // 3)
        assert magenta[:, columns].sum() > 30
    assert not magenta[:, views:].any()
    assert (first[:, views:] != 255).any()
    assert (first != instant_picture(recording, 1)).any()


def test_labels_fit_the_truth_in_the_picture(recording):
    """Moved 2D labels are drawn elsewhere, the projections are not."""
    before = instant_picture(recording, 0)
    people = recording.keypoints_2d['annotations']
    kept = [list(person['keypoints']) for person in people]
    try:
        for person in people:
            person['keypoints'] = [
                value + 6 * (place % 3 == 0) for place, value in enumerate(kept[0])
            ]
        after = instant_picture(recording, 0)
    finally:
        for person, keypoints in zip(people, kept):
            person['keypoints'] = keypoints
    assert (before != after).any(-1).sum() > 200


@pytest.mark.parametrize('number', [-1, 2])
def test_only_instants_that_there_are(recording, number):
    with pytest.raises(ValueError, match=f'^number: expected 0 to 1, got {number}$'):
        instant_picture(recording, number)


def test_recordings_without_labels_are_refused(recording, tmp_path):
    for file in recording.path.rglob('*'):
        if file.is_file() and not file.name.startswith('keypoints'):
            copy = tmp_path / file.relative_to(recording.path)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    with pytest.raises(ValueError, match='expected 2D and 3D labels, got none$'):
        instant_picture(type(recording)(tmp_path), 0)
