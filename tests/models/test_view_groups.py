import pytest

from ppt_mmpose.models.view_groups import SAMPLE_KEYS, places_of_groups


def views(*names):
    """Samples 'a0 a1 b0': group and view."""
    rest = dict.fromkeys(SAMPLE_KEYS)
    return [{**rest, 'group_id': name[0], 'view_id': int(name[1:])} for name in names]


def test_views_of_an_instant_by_their_ids():
    assert places_of_groups(views('a0', 'a1', 'b0', 'b1')).tolist() == [[0, 1], [2, 3]]
    assert places_of_groups(views('b1', 'a0', 'b0', 'a1')).tolist() == [[0, 2], [1, 3]]


def test_instants_with_fewer_views():
    places = places_of_groups(views('a0', 'b0', 'b1', 'b4', 'c2'))
    assert places.tolist() == [[0, -1, -1], [1, 2, 3], [4, -1, -1]]


def test_views_of_a_set():
    samples = views('a0', 'a1', 'a2', 'a3', 'b1', 'b2', 'b0')
    places = places_of_groups(samples, [[0, 2], [1, 3]])
    assert places.tolist() == [[0, 2], [1, 3], [4, -1], [5, 6]]


def test_a_view_of_no_set():
    message = r"view_sets: .* got \[\[0, 2\]\] and view 1 of group_id 'b'$"
    with pytest.raises(ValueError, match=message):
        places_of_groups(views('a0', 'a2', 'b1'), [[0, 2]])


def test_two_samples_of_one_view():
    with pytest.raises(ValueError, match="group_id 'a': .* got view 1 twice"):
        places_of_groups(views('a0', 'a1', 'b1', 'a1'))


def test_no_view_at_all():
    message = '^data samples: expected one view of an instant or more, got none$'
    with pytest.raises(ValueError, match=message):
        places_of_groups([])


def test_a_sample_that_tells_too_little():
    sample = views('a0')[0]
    del sample['camera'], sample['crop_affine']
    message = r'got no camera, crop_affine; .* CropCamera .* MultiViewPoseInferencer$'
    with pytest.raises(ValueError, match=message):
        places_of_groups([sample])
