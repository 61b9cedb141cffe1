"""The whole way: configs in, records and a JSON file out."""

import json

import pytest

from ppt_mmpose.analysis import BlockTokens, get_costs

SMALL = {'model.neck.stages': (4,), 'model.neck.prune_blocks': (1,)}


def test_counts_of_each_ratio(tmp_path):
    out = tmp_path / 'costs.txt'
    costs = get_costs(
        ['ppt_s_coco', 'ppt_s_mpii'],
        keep_ratios=[1, 0.7],
        latency=False,
        cfg_options=SMALL,
        out=str(out),
    )
    coco, mpii = costs.models
    assert (coco.config, coco.input_size, mpii.config) == (
        *('ppt_s_coco', (192, 256)),
        'ppt_s_mpii',
    )
    assert [cost.keep_ratio for cost in coco.ratios] == [1, 0.7]
    full, pruned = coco.ratios
    assert [t.after for t in full.tokens] == [256] * 4
    assert [t.after for t in pruned.tokens] == [256, 180, 180, 180]
    for key in ('real', 'linear_and_convolution', 'papers_total', 'papers_transformer'):
        assert getattr(full, key) > getattr(pruned, key) > 0
    assert full.real > full.linear_and_convolution
    assert (coco.configured_keep_ratio, full.latency, costs.machine) == (
        0.7,
        None,
        None,
    )

    written = json.loads(out.read_text())
    assert written['models'][0]['ratios'][1]['tokens'][1] == dict(
        keypoints=17, before=256, after=180, sequences=1
    )
    assert (coco.views, full.papers_views) == (1, None)
    assert written['models'][1]['ratios'][0]['real'] == mpii.ratios[0].real
    units = {c['key']: c['unit'] for c in written['conventions']}
    assert units['real'] == 10**9
    assert units['papers_total'] == units['papers_transformer'] == 2**30


def test_an_instant_of_several_views():
    costs = get_costs(
        ['mv_ppt_s_h36m', 'mv_ppt_s_h36m_2view', 'ppt_s_h36m'],
        repeats=2,
        threads=1,
        views=4,
        cfg_options=SMALL,
    )
    four, two, single = (model.ratios[0] for model in costs.models)
    assert [model.views for model in costs.models] == [4, 4, 4]
    assert four.tokens[-1] == BlockTokens(68, 720, 720)
    assert two.tokens[-1] == BlockTokens(34, 360, 360, 2)
    assert single.tokens[-1] == BlockTokens(17, 180, 180, 4)
    # Blocks that see more views compare more tokens; their layers cost the same.
    assert four.real > two.real > single.real
    assert four.linear_and_convolution == two.linear_and_convolution
    # The rays of 180 patches of each view.
    rays = 4 * 180 * 3 * 192
    assert four.linear_and_convolution - single.linear_and_convolution == rays
    for cost in (four, two, single):
        assert cost.latency.low > 0
        assert cost.papers_views > cost.linear_and_convolution


def test_frozen_weights_are_not_trainable():
    options = {'model.backbone.frozen_stages': 1}
    free, frozen = (
        get_costs(['tokenpose_b_coco'], latency=False, cfg_options=chosen).models[0]
        for chosen in (None, options)
    )
    assert free.parameters == frozen.parameters == free.trainable > frozen.trainable


def test_latency_beside_the_counts():
    costs = get_costs(
        ['ppt_s_coco'],
        keep_ratios=[1, 0.2],
        batch_size=2,
        threads=1,
        repeats=2,
        cfg_options=SMALL,
    )
    for cost in costs.models[0].ratios:
        assert 0 < cost.latency.low <= cost.latency.median <= cost.latency.high
    expected = dict(device='cpu', threads=1, batch_size=2, repeats=2)
    assert expected.items() <= costs.machine.items()
    assert costs.machine.keys() >= {'cores', 'load', 'torch'}


def test_other_models_have_no_papers_costs(resnet):
    (model,) = get_costs([str(resnet)], latency=False).models
    (cost,) = model.ratios
    assert cost.real == cost.linear_and_convolution > 0
    assert (cost.tokens, cost.papers_total, cost.papers_transformer) == ([], None, None)
    assert 'TokenPoseNeck; this one is none' in model.outside_the_papers


@pytest.mark.parametrize(
    ('wrong', 'said'),
    [
        (dict(batch_size=0), 'batch_size: expected 1 or more, got 0'),
        (dict(repeats=1), 'repeats: expected 2 or more, got 1'),
        (dict(views=0), 'views: expected 1 or more, got 0'),
        (dict(threads=0), 'threads: expected 1 or more, got 0'),
        (dict(device='nowhere'), "device: .* got 'nowhere'"),
    ],
)
def test_settings_that_cannot_be(wrong, said):
    with pytest.raises(ValueError, match=said):
        get_costs(['ppt_s_coco'], **wrong)
