import json

import fused_weights
import pytest
import torch
from drawn_people import data_options, draw
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options
from seeded_weights import fill

from ppt_mmpose.analysis import precision
from ppt_mmpose.analysis.precision import (
    compare_precisions,
    precision_report,
    tokens_changed,
)
from ppt_mmpose.apis import find_config


@pytest.fixture
def trained(tmp_path):
    model = MODELS.build(Config.fromfile(find_config('ppt_quickstart')).model)
    fill(model)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'a.pth')
    people = parsed_cfg_options(data_options(draw(tmp_path / 'people')))
    return dict(checkpoint=str(tmp_path / 'a.pth'), cfg_options=people)


def test_new_tokens_are_found_in_any_order():
    expected = torch.tensor([[4, 2, 7], [1, 2, 3]])
    found = torch.tensor([[7, 4, 5], [3, 2, 1]])
    assert tokens_changed(found, expected).tolist() == [
        [False, False, True],
        [False] * 3,
    ]


def test_distances_and_heatmaps_by_hand(monkeypatch):
    # 201 keypoints that moved by 0 to 200 px.
    places = {1.0: torch.zeros(201, 1, 2), 1.5: torch.zeros(201, 1, 2)}
    places[1.5][:, 0, 1] = torch.arange(201)
    monkeypatch.setattr(
        precision,
        '_keypoints',
        lambda outcome, _: places[float(outcome.heatmaps.min())],
    )
    before = precision._Outcome(torch.tensor([1.0, 4.0]), (torch.tensor([[0, 1]] * 2),))
    after = precision._Outcome(
        torch.tensor([1.5, 4.0]), (torch.tensor([[1, 0], [1, 2]]),)
    )
    found = precision._change('bfloat16', before, after, None)
    assert (found.median, found.worst) == (100, 200)
    assert found.high == pytest.approx(198)
    assert found.heatmap == 0.5 / 4
    assert (found.tokens, found.same_sets) == ([0.25], 0.5)


def test_float32_is_itself_and_bfloat16_is_near(trained, tmp_path):
    out = tmp_path / 'out.json'
    same, near = compare_precisions(
        'ppt_quickstart',
        dtypes=['float32', 'bfloat16'],
        max_images=4,
        out=str(out),
        **trained,
    )
    assert same.tokens == [0, 0]
    assert same.same_sets == 1
    assert same.worst == same.heatmap == 0
    assert 0 < near.heatmap < 0.2
    assert 0 < near.median <= near.high <= near.worst
    assert json.loads(out.read_text())[1]['dtype'] == 'bfloat16'
    assert '| bfloat16 | ' in precision_report([same, near])


def test_what_cannot_be_compared_is_refused(trained, tmp_path):
    for wrong, message in (
        (dict(dtypes=['int8']), 'dtypes: expected some of'),
        (dict(max_images=0), 'max_images: expected 1 or more, got 0'),
        (dict(device='nowhere'), 'device: expected a device of this machine'),
    ):
        with pytest.raises(ValueError, match=message):
            compare_precisions('ppt_quickstart', **wrong, **trained)
    text = tmp_path / 'text.pth'
    text.write_text('hello')
    with pytest.raises(ValueError, match=r'text.pth: expected a checkpoint of plain'):
        compare_precisions('ppt_quickstart', str(text))
    with pytest.raises(FileNotFoundError, match='checkpoint: expected a file'):
        compare_precisions('ppt_quickstart', 'missing.pth')
    with pytest.raises(ValueError, match=f'^{fused_weights.REFUSAL}$'):
        compare_precisions(fused_weights.CONFIG, fused_weights.fused_weights(tmp_path))
