import pytest

from ppt_mmpose.datasets.multiview_annotations import GroupSelection, Place

# Cameras first, as files of videos have them; b lacks a view.
PLACES = [Place(g, v) for v, groups in enumerate(['cab', 'ca', 'abc']) for g in groups]


def chosen(places=PLACES, **options):
    groups = GroupSelection(**options)(places, 'file')
    return [
        (places[group[0]].group, [places[index].view for index in group])
        for group in groups
    ]


def test_complete_groups_in_the_order_of_the_file():
    assert chosen() == [('c', [0, 1, 2]), ('a', [0, 1, 2])]


def test_groups_that_lack_views():
    expected = [('c', [0, 1, 2]), ('a', [0, 1, 2]), ('b', [0, 2])]
    assert chosen(min_views=2) == expected


def test_some_cameras():
    expected = [('c', [0, 2]), ('a', [0, 2]), ('b', [0, 2])]
    assert chosen(cameras=(2, 0)) == expected
    assert chosen(cameras=[1]) == [('c', [1]), ('a', [1])]
    assert chosen(cameras=[1, 2], min_views=1)[2] == ('b', [2])


def test_every_nth_of_those_that_are_complete():
    places = [Place(f'g{g}', v) for g in range(11) for v in range(2)]
    # The second and the sixth have one view.
    del places[11], places[3]
    names = [group for group, _ in chosen(places, every=5)]
    assert names == ['g0', 'g7']
    assert [group for group, _ in chosen(places, every=64)] == ['g0']


def test_takes_are_left_out_before_groups_are_counted():
    takes = [(9, 5, 2), (9, 5, 1), (9, 10, 2), (9, 13, 1), (5, 5, 2), (9, 13, 2)]
    places = [Place(str(take), 0, take) for take in takes]
    names = [group for group, _ in chosen(places, skip_takes='damaged')]
    assert names == ['(9, 5, 1)', '(5, 5, 2)', '(9, 13, 2)']
    names = [group for group, _ in chosen(places, skip_takes='damaged', every=2)]
    assert names == ['(9, 5, 1)', '(9, 13, 2)']
    names = [group for group, _ in chosen(places, skip_takes=[(9, 5, 1)])]
    assert len(names) == 5


def test_takes_to_skip_where_there_are_none():
    message = 'skip_takes: expected subject, action, subaction'
    with pytest.raises(ValueError, match=message):
        chosen(skip_takes='damaged')


def test_two_entries_of_one_view():
    message = "file: group 'c': expected one entry of camera 1, got the entries 3 and 8"
    with pytest.raises(ValueError, match=message):
        chosen([*PLACES, Place('c', 1)])


def test_an_unknown_camera():
    message = r'file: cameras: expected some of \[0, 1, 2\], got \[3\]'
    with pytest.raises(ValueError, match=message):
        chosen(cameras=[0, 3])


@pytest.mark.parametrize('places', [[], [Place('a', 0), Place('b', 1)]])
def test_no_group_is_left(places):
    message = (
        rf'file: expected at least one group with \d views of the cameras .*, got none '
        rf'of {len(places)} groups; min_views'
    )
    with pytest.raises(ValueError, match=message):
        chosen(places)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(cameras=[]), r'cameras: expected numbers .*, got \[\]'),
        (dict(cameras=[1, 1]), r'cameras: .* each once, got \[1, 1\]'),
        (dict(min_views=0), 'min_views: expected 1 to all views, got 0'),
        (dict(cameras=[0, 1], min_views=3), 'min_views: expected 1 to 2 views, got 3'),
        (dict(every=0), 'every: expected 1 or more groups, got 0'),
        (dict(skip_takes='all'), "skip_takes: expected 'damaged' or a list"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        GroupSelection(**options)
