"""The page, without a browser."""

import json

import pytest
from small_configs import mv_ppt, ppt, top_down, with_weights

pytest.importorskip('gradio')

from made_web_models import knowing

from ppt_mmpose.web import GivenModels, build_page
from ppt_mmpose.web.image_tab import why_fixed
from ppt_mmpose.web.style import theme


def models_of(config, folder):
    return GivenModels(
        pose2d=config, pose2d_weights=with_weights(config, folder), device='cpu'
    )


def parts(page):
    """What is on the page, by id."""
    made = page.config['components']
    return {one['props'].get('elem_id') or one['id']: one['props'] for one in made}


def text(page):
    return json.dumps(page.config['components'], default=str)


def test_a_page_without_models_says_what_it_needs():
    page = build_page(GivenModels())
    found = text(page)
    assert found.count('### This tab needs a 2D model') == 3
    assert '--pose2d ppt_s_coco --weights FILE' in found
    assert '--pose3d hot_motionbert_h36m' in found
    assert not page.analytics_enabled


def test_a_model_that_prunes_has_a_slider(tmp_path):
    page = build_page(models_of(ppt(tmp_path), tmp_path))
    slider = parts(page)['ratio']
    assert slider['interactive']
    assert slider['value'] == 0.7
    assert '### This tab needs a 2D model and a lifter' in text(page)
    assert {'people', 'kept', 'views_3d'} <= set(parts(page))


def test_a_model_without_tokens_has_none(tmp_path):
    models = models_of(top_down(tmp_path), tmp_path)
    slider = parts(build_page(models))['ratio']
    assert not slider['interactive']
    assert slider['info'] == 'This model has no tokens, so that none can be pruned.'
    assert not parts(build_page(models))['kept']['visible']


def test_a_dense_model_tells_that_it_never_prunes(tmp_path):
    models = models_of(ppt(tmp_path), tmp_path)
    models.tokens.neck.encoder.set_keep_ratio(1)
    schedule = models.tokens.neck.encoder.schedule
    object.__setattr__(schedule, 'blocks', ())
    assert why_fixed(models).startswith('This model never prunes')


def test_a_model_of_several_views_is_for_cameras(tmp_path):
    page = build_page(models_of(mv_ppt(tmp_path), tmp_path))
    assert 'takes the views of several cameras together' in text(page)
    assert 'ratio' not in parts(page)
    assert 'views_3d' in parts(page)


def test_a_lifter_brings_the_tab_of_videos():
    assert {'video', 'motion', 'files'} <= set(parts(build_page(knowing())))


def test_fonts_are_those_that_are_there():
    assert theme()._stylesheets == []
    assert '//' not in theme()._get_theme_css().replace(
        'http://www.w3.org/2000/svg', ''
    )
