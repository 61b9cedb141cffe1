from dataclasses import replace

import numpy as np
import pytest
from mmpose.structures import PoseDataSample
from small_model import META, NAMES
from small_views_model import images_of, samples_of, small_views_model

from ppt_mmpose.visualization import FIGURES, draw_instant, record_tokens
from ppt_mmpose.visualization.instant_figures import HEIGHT, instant_name
from ppt_mmpose.visualization.panels import panel_corner
from ppt_mmpose.visualization.patches import veil_pruned

WIDTH = HEIGHT * 48 // 64


@pytest.fixture(scope='module')
def record():
    """Two instants: of the first, which has two of three views, views 0 and 2."""
    model, samples = small_views_model(), samples_of(2, 3)
    samples[1].set_metainfo(dict(view_id=2))
    with record_tokens(model, heatmaps=True) as record:
        model.predict(images_of(5), samples)
    return record.unflipped, samples


def drawings(record, figures, **options):
    options = dict(dataset_meta=META) | options
    one, samples = record
    return draw_instant(one, figures, samples, **options)


def panel(picture, row, column):
    top, left = panel_corner(row, column, (HEIGHT, WIDTH))
    return picture[top : top + HEIGHT, left : left + WIDTH]


def width_of(columns, margin=12, gap=8):
    return 2 * margin + columns * WIDTH + (columns - 1) * gap


def test_every_figure_is_drawn(record):
    drawn = drawings(record, FIGURES, instant=1)
    assert tuple(drawn) == FIGURES
    for picture in list(drawn.values())[:-1]:
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
    assert drawn['table'].count('\n') == 2 + 3 * len(NAMES)
    assert '| view 2 left hand |' in drawn['table']


@pytest.mark.parametrize(('instant', 'views'), [(0, 2), (1, 3)])
def test_each_view_that_is_there_is_a_column(record, instant, views):
    drawn = drawings(record, ['kept', 'heatmaps', 'attention'], instant=instant)
    assert drawn['kept'].shape[1] == drawn['heatmaps'].shape[1] == width_of(views)
    assert drawn['attention'].shape[1] == width_of(1 + views)


def test_rows_are_the_input_and_each_pruning_of_the_view(record):
    one, samples = record
    plain = [PoseDataSample(metainfo=sample.metainfo) for sample in samples]
    kept = draw_instant(one, ['kept'], plain, instant=1, dataset_meta=META)['kept']
    for column, number in enumerate((2, 3, 4)):
        crop = panel(kept, 0, column)
        pruned = veil_pruned(crop, one.prunings[0].source[number], one.grid)
        assert (panel(kept, 1, column) == pruned).all()
        assert (pruned != crop).any()


def test_the_view_that_looks_is_chosen_by_its_name(record):
    names = ['left', 'middle', 'right']
    first, again, other = (
        drawings(record, ['attention'], view_names=names, view=view)['attention']
        for view in (None, 'left', 'right')
    )
    assert (first == again).all()
    assert (first != other).any()
    there = r"left, right, which instant 'instant-0' has, got 'middle'"
    with pytest.raises(ValueError, match=f'view: expected one of {there}'):
        drawings(record, ['attention'], view_names=names, view='middle')


def test_what_was_predicted_is_drawn_and_marked(record):
    one, samples = record
    plain = [PoseDataSample(metainfo=sample.metainfo) for sample in samples]
    for sample in samples:
        sample.pred_instances.keypoint_scores[:] = 1
        sample.pred_instances.keypoints[:] = [[10, 10], [30, 20], [20, 50]]
    figures = ['kept', 'heatmaps', 'attention']
    without = draw_instant(one, figures, plain, dataset_meta=META)
    for name, picture in drawings(record, figures).items():
        assert (picture != without[name]).any()
        row, column = (1, 0) if name == 'attention' else (0, 1)
        top, left = panel_corner(row, column, (HEIGHT, WIDTH))
        beside = np.ones(picture.shape[:2], bool)
        if name == 'attention':
            beside[:, : left + WIDTH] = False
        else:
            beside[: top + HEIGHT] = False
        assert (picture == without[name])[beside].all()


def test_heatmaps_of_a_keypoint_have_one_scale_in_all_views(record):
    one, samples = record
    sure = one.heatmaps.clone()
    sure[4, :, 0, 0] = 9
    pale = sure.clone()
    pale[3] *= 0.2
    before, after = (
        draw_instant(
            replace(one, heatmaps=heatmaps),
            ['heatmaps'],
            samples,
            instant=1,
            dataset_meta=META,
        )['heatmaps']
        for heatmaps in (sure, pale)
    )
    for column, same in enumerate((True, False, True)):
        assert (panel(before, 2, column) == panel(after, 2, column)).all() == same


def test_a_run_that_does_not_fit(record):
    one, samples = record
    with pytest.raises(ValueError, match='every image is alone; draw_figures draws'):
        draw_instant(replace(one, views=None), ['kept'], samples)
    with pytest.raises(ValueError, match='with attention=True for the figures table'):
        draw_instant(replace(one, attention=()), ['table'], samples)


def test_unknown_keypoints_are_refused(record):
    with pytest.raises(ValueError, match=r"keypoints: expected .*hand, got \['tail'\]"):
        drawings(record, ['kept'], keypoints=['tail'])


@pytest.mark.parametrize(
    ('group', 'name'),
    [
        ('data/drawn_views/val/000004', 'val_000004'),
        ('h36m/s_09_act_02_subact_01/000064', 's_09_act_02_subact_01_000064'),
        (7, '7'),
        ('a take/frame 3', 'a-take_frame-3'),
    ],
)
def test_the_name_of_an_instant(group, name):
    assert instant_name(PoseDataSample(metainfo=dict(group_id=group))) == name
