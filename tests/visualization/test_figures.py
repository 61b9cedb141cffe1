from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from small_model import META, NAMES, batch, small_model

from ppt_mmpose.visualization import FIGURES, draw_figures, record_tokens, write_figures
from ppt_mmpose.visualization.figures import (
    checked_figures,
    keypoint_names,
    needed_records,
)


@pytest.fixture(scope='module')
def record():
    model = small_model()
    with record_tokens(model, heatmaps=True) as record:
        model.test_step(batch())
    return record


def test_all_figures_of_a_person(record, tmp_path):
    drawings = draw_figures(record.unflipped, FIGURES, sample=1, dataset_meta=META)
    assert tuple(drawings) == FIGURES
    paths = write_figures(drawings, str(tmp_path / 'new'), 'someone_1')
    names = sorted(path.name for path in (tmp_path / 'new').iterdir())
    assert names == sorted(
        f'someone_1_{name}.{"md" if name == "table" else "png"}' for name in FIGURES
    )
    assert len(paths) == len(FIGURES)
    written = cv2.imread(str(tmp_path / 'new/someone_1_kept.png'))[..., ::-1]
    assert (written == drawings['kept']).all()
    assert '| left hand |' in drawings['table']


def test_the_prediction_is_drawn_on_the_first_panel(record):
    one, (person, _) = record.unflipped, record.samples[0]
    person.pred_instances.keypoint_scores[:] = 1
    person.pred_instances.keypoints[:] = [[10, 10], [30, 20], [20, 50]]
    plain, drawn = (
        draw_figures(one, ['kept'], dataset_meta=META, prediction=x)['kept']
        for x in (None, person)
    )
    different = (plain != drawn).any(axis=(0, 2))
    assert different.any()
    assert not different[different.size // 3 + 10 :].any()


def test_chosen_keypoints_are_rows(record):
    heights = [
        draw_figures(
            record.unflipped, ['attention'], dataset_meta=META, keypoints=keypoints
        )['attention'].shape[0]
        for keypoints in (NAMES[:1], NAMES[:2], None)
    ]
    assert heights[1] - heights[0] == heights[2] - heights[1] > 0


def test_unknown_names_are_refused(record):
    with pytest.raises(ValueError, match=r"keypoints: expected .*hand, got \['tail'\]"):
        draw_figures(
            record.unflipped, ['attention'], dataset_meta=META, keypoints=['tail']
        )
    with pytest.raises(ValueError, match=r"figures: expected .*table, got \['head'\]"):
        checked_figures(['kept', 'head'])
    with pytest.raises(ValueError, match='figures: expected'):
        checked_figures([])
    assert checked_figures(True) == list(FIGURES)
    assert checked_figures('kept') == ['kept']


def test_a_figure_that_was_not_recorded_for(record):
    without = replace(record.unflipped, heatmaps=None, attention=())
    with pytest.raises(ValueError, match=r'attention=True for .* kept, table, got one'):
        draw_figures(without, ['kept', 'table'])
    with pytest.raises(ValueError, match='heatmaps=True for the figures heatmaps, got'):
        draw_figures(without, ['heatmaps'])
    assert needed_records(['kept', 'inner']) == dict(attention=False, heatmaps=False)
    fused = replace(record.unflipped, views=torch.tensor([[0, 1]]))
    with pytest.raises(ValueError, match='got one of fused views; draw_instant draws'):
        draw_figures(fused, ['kept'])


def test_keypoints_without_names_have_numbers():
    assert keypoint_names({}, 2) == ['0', '1']


def test_pictures_are_uint8_rgb(record):
    drawings = draw_figures(record.unflipped, FIGURES[:-1])
    for picture in drawings.values():
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
