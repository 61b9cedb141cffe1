"""The papers' tables, and figures measured with the authors' models, come out again."""

import pytest

from ppt_mmpose.analysis.conventions import GIBI, GIGA
from ppt_mmpose.analysis.costing import count_costs
from ppt_mmpose.analysis.multiply_adds import MultiplyAdds, count_multiply_adds
from ppt_mmpose.analysis.papers import (
    outside_the_papers,
    papers_keep_count,
    papers_transformer,
    released_linears,
)
from ppt_mmpose.analysis.subject import load_subject

# config, prune blocks if not its own, keep ratio; parameters (M), real and linear with
# convolution (10^9), total (1024^3), all four measured with the authors' models; the
# total as it is printed in a paper.
ROWS = [
    ('tokenpose_t_coco', None, 1, '5.82', '1.60', '1.26', '1.292', '1.3'),
    ('tokenpose_s_v1_coco', None, 1, '6.62', '2.73', '2.38', '2.226', '2.2'),
    ('tokenpose_s_v2_coco', None, 1, '6.23', '7.49', '4.65', '11.618', '11.6'),
    ('tokenpose_b_coco', None, 1, '13.47', '6.28', '5.93', '5.655', '5.7'),
    # The measured total is noted as 9.065, and is 9.06446 here: it was rounded twice,
    # as it seems. L/D24, of which it is a part, agrees.
    ('tokenpose_l_d6_coco', None, 1, '20.82', '9.87', '9.69', '9.064', '9.1'),
    ('tokenpose_l_d6_ppt_coco', None, 1, '20.30', '9.86', '9.69', '9.065', '9.1'),
    ('tokenpose_l_d24_coco', None, 1, '27.48', '12.19', '11.51', '10.984', '11.0'),
    (
        'tokenpose_l_d24_coco-384x288',
        *(None, 1, '29.81', '24.01', '23.15', '22.138', None),
    ),
    ('tokenpose_l_d6_mpii', None, 1, '21.44', '12.89', '12.72', '11.864', None),
    ('ppt_s_coco', None, 0.7, '6.62', '2.19', '1.99', '1.614', '1.6'),
    ('ppt_s_coco', None, 0.8, '6.62', '2.33', '2.11', '1.751', '1.75'),
    ('ppt_s_coco', None, 0.6, '6.62', '2.06', '1.90', '1.516', '1.52'),
    ('ppt_b_coco', None, 0.7, '13.47', '5.74', '5.54', '5.043', '5.0'),
    # The paper prints 8.7, which fits the blocks below.
    ('ppt_l_d6_coco', None, 0.7, '20.30', '9.76', '9.61', '8.937', None),
    ('ppt_l_d6_coco', (1, 3, 4), 0.7, '20.30', '9.58', None, '8.749', '8.7'),
    ('ppt_s_mpii', None, 0.7, '7.76', '2.58', '2.39', '1.919', '1.92'),
    ('ppt_l_d6_mpii', None, 0.7, '21.28', '12.79', '12.65', '11.737', None),
    ('ppt_l_d6_mpii', (1, 3, 4), 0.7, '21.28', '12.61', None, '11.550', None),
]


# Of instants of several views. Config, views, keep ratio; real and linear with
# convolution (10^9) and total (1024^3), measured with the authors' models; MACs as the
# paper prints them; where two rules give one number, it stands once.
OF_VIEWS = [
    ('mv_ppt_s_h36m', 4, 0.7, '10.45', '9.58', '8.136', '9.7'),
    ('mv_ppt_s_h36m', 2, 0.7, '5.19', '4.79', '3.939', None),
    ('mv_ppt_s_skipose', 6, 0.7, None, None, None, '14.5'),
    # The paper prints 9.6, which is the number without batch norms.
    ('ppt_s_h36m', 4, 0.7, '10.35', '9.58', '7.703', None),
    ('tokenpose_s_h36m', 4, 1, None, None, None, '11.2'),
    ('tokenpose_s_h36m', 6, 1, None, None, None, '16.8'),
]
# Real, of each view (10^9), measured with the authors' models.
OF_A_VIEW = [
    ('mv_ppt_s_h36m', 4, '2.61'),
    ('mv_ppt_s_h36m', 8, '2.65'),
    ('mv_tokenpose_s_h36m', 4, '3.30'),
    ('mv_tokenpose_s_h36m', 8, '3.53'),
]


def loaded(name, prune_blocks=None, keep_ratio=None, **options):
    changes = {'model.neck.prune_blocks': prune_blocks} if prune_blocks else None
    ratios = None if keep_ratio is None else [keep_ratio]
    return load_subject(name, keep_ratios=ratios, cfg_options=changes, **options)


def released(subject, cost):
    """The released structure, counted as it is: without attention products, and all."""
    subject.set_keep_ratio(cost.keep_ratio)
    meta = subject.on('meta')
    images = meta.images()
    neck, head = meta.model.neck, meta.model.head
    dense = count_multiply_adds(lambda: meta.model.backbone(images)).total + sum(
        layer.sequences * layer.tokens * layer.in_features * layer.out_features
        for layer in released_linears(neck, head, cost.tokens)
    )
    dim = subject.model.neck.keypoint_tokens.shape[-1]
    attention = sum(
        t.sequences * 2 * (t.keypoints + t.before) ** 2 * dim for t in cost.tokens
    )
    return dense, dense + attention


def left_out(subject, tokens):
    """Multiply-adds that the released code spends on an instant and ours does not."""
    block = subject.token_neck.encoder.blocks[0]
    dim, hidden = block.mlp[0].in_features, block.mlp[0].out_features
    total = 0
    for index, now in enumerate(tokens):
        before, after = now.keypoints + now.before, now.keypoints + now.after
        saved = 0
        if now.after < now.before:
            # Scores take the keypoints' rows once more; queries that go get nothing.
            saved += 2 * (before - after) * before * dim
            saved -= now.keypoints * before * dim
            saved += (before - after) * dim * dim
        elif index == len(tokens) - 1:
            # Visual tokens have keys and values there, and no more.
            saved += now.before * (2 * dim * dim + 2 * dim * hidden + 2 * before * dim)
        total += now.sequences * saved
    if subject.fuses_views and subject.model.neck.position_3d:
        # Rays of patches that are gone by then.
        seen = tokens[-1].sequences * tokens[-1].before
        total += (subject.views * tokens[0].before - seen) * 3 * dim
    return total


@pytest.mark.parametrize('row', ROWS, ids=lambda row: f'{row[0]}-{row[1]}-{row[2]}')
def test_figures_of_the_released_models(row):
    name, blocks, ratio, parameters, real, linear_and_convolution, total, paper = row
    subject = loaded(name, blocks, ratio)
    model = count_costs(subject)
    (cost,) = model.ratios
    assert f'{model.trainable / 1e6:.2f}' == parameters
    assert f'{cost.papers_total / GIBI:.3f}' == total
    if paper:
        digits = len(paper.partition('.')[2])
        assert f'{cost.papers_total / GIBI:.{digits}f}' == paper

    dense, everything = released(subject, cost)
    if linear_and_convolution:
        assert f'{dense / GIGA:.2f}' == linear_and_convolution
    assert f'{everything / GIGA:.2f}' == real
    # What this package computes is that without the work that no one reads.
    assert left_out(subject, cost.tokens) > 0
    assert cost.real == everything - left_out(subject, cost.tokens)


@pytest.mark.parametrize('row', OF_VIEWS, ids=lambda row: f'{row[0]}-{row[1]}')
def test_figures_of_several_views(row):
    name, views, ratio, real, linear_and_convolution, total, paper = row
    subject = loaded(name, keep_ratio=ratio, views=views)
    model = count_costs(subject)
    (cost,) = model.ratios
    assert model.views == views
    assert cost.papers_transformer is None
    if paper:
        assert f'{cost.papers_views / GIGA:.1f}' == paper
    if total:
        assert f'{cost.papers_total / GIBI:.3f}' == total
    dense, everything = released(subject, cost)
    if real:
        assert f'{dense / GIGA:.2f}' == linear_and_convolution
        assert f'{everything / GIGA:.2f}' == real
    assert cost.real == everything - left_out(subject, cost.tokens)


@pytest.mark.parametrize(('name', 'views', 'real'), OF_A_VIEW)
def test_what_a_view_costs(name, views, real):
    subject = loaded(name, views=views)
    (cost,) = count_costs(subject).ratios
    everything = released(subject, cost)[1]
    assert f'{everything / views / GIGA:.2f}' == real
    assert cost.real == everything - left_out(subject, cost.tokens)


def test_numbers_that_do_not_follow():
    cost = count_costs(loaded('ppt_s_h36m', views=4)).ratios[0]
    assert f'{cost.papers_views / GIGA:.2f}' == '9.65'  # printed: 9.6
    cost = count_costs(loaded('mv_tokenpose_s_h36m', views=4)).ratios[0]
    assert f'{cost.papers_views / GIGA:.1f}' == '11.2'  # printed: 11.5
    # The paper's own numbers are those of the released blocks, not of its text.
    options = {'model.neck.fused_blocks': 3, 'model.neck.prune_blocks': (2, 5, 8)}
    text = load_subject('mv_ppt_s_h36m', cfg_options=options, views=4)
    cost = count_costs(text).ratios[0]
    assert f'{cost.papers_views / GIGA:.1f}' == '9.4'  # printed: 9.7


@pytest.mark.parametrize(
    ('name', 'prune_blocks', 'prunes_first', 'printed'),
    [
        ('tokenpose_s_v1_coco', None, True, '1.44'),
        ('tokenpose_b_coco', None, True, '1.44'),
        ('tokenpose_l_d6_ppt_coco', None, True, '0.72'),
        ('ppt_s_coco', None, True, '0.89'),
        ('ppt_b_coco', None, True, '0.89'),
        ('ppt_l_d6_coco', (1, 3, 4), False, '0.50'),
    ],
)
def test_printed_costs_of_the_transformer(name, prune_blocks, prunes_first, printed):
    neck = loaded(name, prune_blocks).token_neck
    cost = papers_transformer(neck, prunes_first=prunes_first)
    assert f'{cost / GIBI:.2f}' == printed


def test_no_one_rule_gives_both_pruned_columns():
    small = papers_transformer(loaded('ppt_s_coco').token_neck, prunes_first=False)
    large = papers_transformer(loaded('ppt_l_d6_coco', (1, 3, 4)).token_neck)
    assert (f'{small / GIBI:.2f}', f'{large / GIBI:.2f}') == ('0.98', '0.42')


def test_the_papers_counts_round_once():
    assert [papers_keep_count(256, 0.7, n) for n in range(4)] == [256, 180, 126, 88]


def test_other_models_are_outside():
    convolutions = MultiplyAdds(convolution=1, linear=0, attention=0)
    model = loaded('ppt_s_coco').model
    assert outside_the_papers(model, convolutions) is None
    layers = MultiplyAdds(convolution=1, linear=1, attention=0)
    assert 'other layers' in outside_the_papers(model, layers)
    model.head = model.backbone
    assert 'TokenPoseHead; this one is ConvStem' in outside_the_papers(
        model, convolutions
    )
