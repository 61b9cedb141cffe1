"""The ablations of the README's table, written as a user writes them."""

import pytest
import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import find_config


def model_of(name, *options):
    cfg = Config.fromfile(find_config(name))
    cfg.merge_from_dict(parsed_cfg_options(list(options)))
    model = MODELS.build(cfg.model)
    model.eval()
    width, height = cfg.codec.input_size
    with torch.no_grad():
        features = model.backbone(torch.randn(1, 3, height, width))
        encoded = model.neck.encode(features[-1])
        heatmaps = model.head(model.neck(features))
    return model, encoded, heatmaps


@pytest.mark.parametrize(
    ('name', 'options', 'kept'),
    [
        ('ppt_s_coco', [], [180, 126, 89]),
        ('ppt_s_coco', ['model.neck.keep_ratio=0.6'], [154, 93, 56]),
        ('ppt_s_coco', ['model.neck.keep_ratio=0.8'], [205, 164, 132]),
        ('ppt_s_coco', ['model.neck.keep_ratio=1'], []),
        ('ppt_l_d6_coco', [], [180]),
        ('ppt_l_d6_coco', ['model.neck.prune_blocks=(1,3,4)'], [180, 126, 89]),
        ('ppt_l_d6_mpii', ['model.neck.prune_blocks="(1,3,4)"'], [180, 126, 89]),
    ],
)
def test_keep_ratio_and_prune_blocks(name, options, kept):
    _, encoded, _ = model_of(name, *options)
    assert [p.source.shape[1] for p in encoded.prunings] == kept


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def test_token_fusion_of_table_6():
    fused, _, heatmaps = model_of(
        'tokenpose_s_v2_coco',
        'model.neck.stages=[4,4,4]',
        'model.head.in_channels=576',
    )
    assert heatmaps.shape == (1, 17, 64, 48)
    # 6.2 M and 6.7 M in the paper.
    assert round(parameters(model_of('tokenpose_s_v2_coco')[0]) / 1e6, 1) == 6.2
    assert round(parameters(fused) / 1e6, 1) in (6.7, 6.8)


def test_no_token_fusion_in_l_plus():
    plain, _, heatmaps = model_of(
        'tokenpose_l_plus_d12_coco',
        'model.neck.stages=[12]',
        'model.head.in_channels=384',
    )
    assert heatmaps.shape == (1, 17, 64, 48)
    assert round(parameters(plain) / 1e6, 1) in (35.8, 35.9)


@pytest.mark.parametrize('position', ['sine', 'learnable', 'none'])
def test_positions_of_table_7(position):
    model, _, _ = model_of('tokenpose_s_v1_coco', f'model.neck.position={position}')
    learnt = 256 * 192 if position == 'learnable' else 0
    assert parameters(model) == 6620736 + learnt


def test_attention_scale():
    model, _, _ = model_of('ppt_s_coco', 'model.neck.attention_scale=head_dim')
    assert model.neck.encoder.blocks[0].attention.scale == pytest.approx(24**-0.5)


@pytest.mark.parametrize(
    ('options', 'terms'),
    [
        ([], ['heatmap', 'attention']),
        (['model.attention_loss=None'], ['heatmap']),
        (['model.attention_loss=None', 'model.heatmap_loss=None'], []),
        (
            ['model.token_loss.type=TokenDistillation'],
            ['heatmap', 'attention', 'token'],
        ),
    ],
)
def test_losses_of_dppts_table_2(options, terms):
    cfg = Config.fromfile(find_config('dppt_s_mpii'))
    cfg.merge_from_dict(parsed_cfg_options(options))
    model = MODELS.build(cfg.model)
    names = ('heatmap', 'attention', 'token')
    assert [n for n in names if getattr(model, f'{n}_loss') is not None] == terms
    assert model.learns_from_teacher == bool(terms)


@pytest.mark.parametrize(
    ('option', 'message'),
    [
        ('model.neck.keep_ratio=0', r'keep_ratio: .* \(0, 1\], got 0'),
        ('model.neck.keep_ratio=1.5', r'keep_ratio: .* \(0, 1\], got 1.5'),
        ('model.neck.prune_blocks=(3,6,20)', 'below the depth of 12'),
        ('model.neck.patch_size=(5,3)', 'patch_size: expected .* divides'),
    ],
)
def test_bad_options_say_so(option, message):
    with pytest.raises(ValueError, match=message):
        model_of('ppt_s_coco', option)
