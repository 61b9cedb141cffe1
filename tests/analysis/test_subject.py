"""Models to look at: ours and MMPose's, and what is refused."""

import pytest
import torch

from ppt_mmpose.analysis.subject import load_subject


def test_ours_at_its_own_ratio():
    subject = load_subject('ppt_s_coco')
    assert (subject.config, subject.input_size) == ('ppt_s_coco', (192, 256))
    assert subject.keep_ratios == [subject.configured_keep_ratio] == [0.7]
    assert not subject.model.training


def test_options_reach_the_model():
    subject = load_subject('ppt_s_coco', cfg_options={'model.neck.keep_ratio': 0.5})
    assert subject.keep_ratios == [0.5]


def test_forward_sets_the_ratio_and_gives_heatmaps():
    subject = load_subject('ppt_s_coco', keep_ratios=[1, 0.8])
    meta = subject.on(torch.device('meta'))
    heatmaps = meta.forward(0.8, meta.images(2))()
    assert heatmaps.shape == (2, 17, 64, 48)
    assert meta.token_neck.keep_ratio == 0.8
    # The copy is another model.
    assert subject.token_neck.keep_ratio == 0.7
    assert next(subject.model.parameters()).device.type == 'cpu'


def test_an_instant_of_several_views():
    small = {'model.neck.stages': (3,), 'model.neck.prune_blocks': (0,)}
    subject = load_subject('mv_ppt_s_h36m', cfg_options=small, views=3)
    assert subject.images(2).shape == (6, 3, 256, 256)
    assert subject.places(2).tolist() == [[0, 1, 2], [3, 4, 5]]
    meta = subject.on(torch.device('meta'))
    assert meta.forward(0.7, meta.images(2))().shape == (6, 17, 64, 64)
    without = load_subject(
        'mv_ppt_s_h36m', cfg_options={**small, 'model.neck.position_3d': False}
    )
    assert without.views == 4
    meta = without.on(torch.device('meta'))
    assert meta.forward(0.7, meta.images())().shape == (4, 17, 64, 64)


def test_views_that_are_not_fused_need_no_instant():
    options = {'model.neck.fuse': False}
    subject = load_subject('mv_ppt_s_h36m', cfg_options=options)
    assert (subject.views, subject.fuses_views) == (1, False)
    assert load_subject('ppt_s_h36m', views=4).images().shape[0] == 4


def test_views_of_no_set():
    message = r'view_sets: expected all views in a set, got .* view 4 of'
    with pytest.raises(ValueError, match=message):
        load_subject('mv_ppt_s_h36m_2view', views=5).places()


def test_any_top_down_model(resnet):
    subject = load_subject(str(resnet), keep_ratios=[1])
    assert (subject.keep_ratios, subject.token_neck) == ([1.0], None)
    assert subject.images(2).shape == (2, 3, 96, 64)
    assert subject.forward(1.0, subject.images())().shape == (1, 17, 24, 16)


@pytest.mark.parametrize('ratios', [[], [0], [0.7, 1.1], [-1]])
def test_ratios_that_cannot_be(ratios):
    with pytest.raises(ValueError, match=r'keep_ratios: expected .* \(0, 1\], got'):
        load_subject('ppt_s_coco', keep_ratios=ratios)


def test_ratios_of_models_that_never_prune(resnet):
    for config in ('tokenpose_s_v1_coco', str(resnet)):
        with pytest.raises(ValueError, match=r'never prunes, .* got \[1.0, 0.7\]'):
            load_subject(config, keep_ratios=[1, 0.7])


def test_other_kinds_of_configs(resnet, tmp_path):
    path, text = tmp_path / 'mine.py', resnet.read_text()
    path.write_text(text.replace('codec = ', 'other = ').replace('=codec', '=other'))
    with pytest.raises(ValueError, match='mine: expected a config with codec.input_si'):
        load_subject(str(path))
    path.write_text(text.replace('TopdownPoseEstimator', 'BottomupPoseEstimator'))
    with pytest.raises(ValueError, match='TopdownPoseEstimator, got Bottomup'):
        load_subject(str(path))
