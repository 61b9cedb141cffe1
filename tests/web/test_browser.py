"""The page in Chromium, as a person uses it: ``make test-web``."""

import io
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest
from made_estimator import frame
from mmengine.registry import init_default_scope
from PIL import Image
from ring_recording import SIZE, ring
from small_configs import ppt, with_weights

pytest.importorskip('gradio')
pytest.importorskip('playwright')

from made_web_models import knowing
from playwright.sync_api import sync_playwright

from ppt_mmpose.calibration import write_calibration
from ppt_mmpose.frames import VideoWriter
from ppt_mmpose.web import GivenModels, serve

# Beside other tests a browser is too slow for its time limits.
ASKED_FOR = os.environ.get('PPT_MMPOSE_BROWSER') == 'required'
BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    # WebGL without a graphics card.
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
]
SIZES = dict(desktop=(1280, 900), phone=(390, 844))
SECONDS = 1000
LONG = 90 * SECONDS


@pytest.fixture(scope='module')
def real_page(chromium, tmp_path_factory):
    """A page with a small PPT of random weights."""
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('ppt')
    config = ppt(folder)
    weights = with_weights(config, folder)
    page = serve(GivenModels(pose2d=config, pose2d_weights=weights, device='cpu'))
    yield page.local_url
    page.close()


@pytest.fixture(scope='module')
def knowing_page(chromium):
    """A page with models that know the answers."""
    page = serve(knowing())
    yield page.local_url
    page.close()


@pytest.fixture(scope='module')
def chromium():
    if not ASKED_FOR:
        pytest.skip('a browser is used by make test-web')
    if BROWSER is None:
        pytest.fail('no Chromium here; make test-web installs it where it can')
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(params=list(SIZES))
def browse(request, chromium, tmp_path):
    """Opens a page, and looks afterwards whether all is well with it."""

    @contextmanager
    def opened(url, tab):
        width, height = SIZES[request.param]
        context = chromium.launch_persistent_context(
            str(tmp_path / 'profile'),
            executable_path=BROWSER,
            headless=True,
            args=ARGUMENTS,
            viewport=dict(width=width, height=height),
        )
        page = context.new_page()
        page.set_default_timeout(LONG)
        asked, wrong = set(), []
        page.on('request', lambda one: asked.add(one.url))
        page.on(
            'console', lambda one: wrong.append(one.text) if one.type == 'error' else 0
        )
        page.on('pageerror', lambda error: wrong.append(str(error)))
        page.goto(url)
        page.get_by_role('tab', name=tab).click()
        try:
            yield page
            sizes = '[document.documentElement.scrollWidth, window.innerWidth]'
            whole, seen = page.evaluate(sizes)
            assert whole <= seen == width
        finally:
            context.close()
        assert wrong == []
        hosts = {urlsplit(one).netloc for one in asked if one.startswith('http')}
        assert hosts == {urlsplit(url).netloc}

    return opened


def waited(page, text, where):
    page.wait_for_function(
        '([text, where]) => document.querySelector(where)?.innerText.includes(text)',
        arg=[text, where],
        timeout=LONG,
    )


def source(page, where):
    """Of the picture that is shown there."""
    page.wait_for_selector(f'{where} img')
    return page.get_attribute(f'{where} img', 'src')


def coloured(page, where, color, tolerance=40):
    """How many pixels of what is drawn there have about this colour."""
    shot = page.locator(where).first.screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert('RGB'), int)
    return int((np.abs(pixels - color).max(-1) < tolerance).sum())


def error(page):
    shown = page.locator('.toast-body').first
    shown.wait_for()
    return shown.inner_text()


@pytest.fixture
def image(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (120, 100, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'noise.png'), noise)
    return str(tmp_path / 'noise.png')


def test_an_image_and_the_slider(browse, real_page, image):
    with browse(real_page, 'Image') as page:
        page.set_input_files('input[type=file]', image)
        waited(page, '126 of 256 tokens kept (49%)', '#image_line')
        people, kept = source(page, '#people'), source(page, '#kept')
        slider = page.locator('#ratio input[type=range]')
        slider.scroll_into_view_if_needed()
        slider.focus()
        page.keyboard.press('Home')
        waited(page, '3 of 256 tokens kept (1%)', '#image_line')
        page.wait_for_function(
            'before => document.querySelector("#kept img").src !== before', arg=kept
        )
        assert people != kept != source(page, '#kept')
        box = slider.bounding_box()
        assert 0 <= box['x'] < box['x'] + box['width'] <= page.viewport_size['width']


def test_what_is_wrong_is_shown_and_the_page_goes_on(
    browse, real_page, image, tmp_path
):
    broken = tmp_path / 'broken.jpg'
    broken.write_bytes(b'no image')
    with browse(real_page, 'Image') as page:
        page.get_by_text('Where people are').click()
        page.click('#find')
        assert 'image: expected one, got none' in error(page)
        page.locator('.toast-close').first.click()
        page.locator('.toast-body').first.wait_for(state='detached')
        page.set_input_files('input[type=file]', image)
        waited(page, '1 person', '#image_line')
        page.get_by_label('Boxes').fill('1, 2')
        page.click('#find')
        assert 'box: expected left, top, right, bottom' in error(page)
        page.get_by_label('Boxes').fill('10, 10, 60, 90; 0, 0, 99, 99')
        page.click('#find')
        waited(page, '2 people', '#image_line')


def test_a_tab_without_its_model_says_so(browse, real_page):
    with browse(real_page, 'Video') as page:
        page.get_by_text('This tab needs a 2D model and a lifter').wait_for()


def test_cameras(browse, knowing_page, tmp_path):
    write_calibration(ring(4), tmp_path / 'cameras.toml', format='anipose')
    files = [str(tmp_path / f'cam{view}.png') for view in range(4)]
    for view, file in enumerate(files):
        cv2.imwrite(file, frame(view, 1, SIZE))
    with browse(knowing_page, 'Cameras') as page:
        page.set_input_files('#view_files input', files[:1])
        page.set_input_files('#calibration input', str(tmp_path / 'cameras.toml'))
        page.get_by_text('cameras.toml').wait_for()
        page.click('#find_views')
        assert 'one view only: 3D needs at least two' in error(page)
        page.locator('#view_files').get_by_label('Clear').first.click()
        page.set_input_files('#view_files input', files)
        page.locator('#view_files').get_by_text('cam3').wait_for()
        page.click('#find_views')
        waited(page, '17 of 17 keypoints in 3D', '#views_line')
        source(page, '#views')
        page.wait_for_selector('#views_3d canvas')
        page.uncheck('#around input')
        assert drawn(page, '#views_3d') > 50


def drawn(page, where):
    """Pixels in the green of the person's left side, as soon as there are some."""
    page.locator(where).scroll_into_view_if_needed()
    for _ in range(20):
        page.wait_for_timeout(SECONDS // 2)
        if count := coloured(page, f'{where} .js-plotly-plot', (0, 255, 0)):
            return count
    return 0


def shown(page, what):
    graph = 'document.querySelector("#motion .js-plotly-plot")'
    return page.evaluate(f'{graph}.{what}')


def test_a_video(browse, knowing_page, tmp_path):
    with VideoWriter(tmp_path / 'sway.webm', 10.0) as writer:
        for number in range(12):
            writer.write(np.full((80, 96, 3), 20 * number, np.uint8))
    with browse(knowing_page, 'Video') as page:
        page.set_input_files('#video input', str(tmp_path / 'sway.webm'))
        page.wait_for_selector('#video video')
        page.click('#find_poses')
        waited(page, '12 frames of 96x80 px', '#video_line')
        page.wait_for_selector('#motion .js-plotly-plot[data-frames="12"]')
        assert drawn(page, '#motion') > 50
        # What browsers cannot show has no size.
        page.wait_for_function(
            'document.querySelector("#video_people video")?.videoWidth === 96'
        )
        page.locator('#motion').get_by_text('play').click()
        page.wait_for_function(
            'document.querySelector("#motion .js-plotly-plot")'
            '.layout.sliders[0].active === 11'
        )
        assert shown(page, '_fullLayout._currentFrame') == '11'
        page.locator('#person').get_by_text('person 2').click()
        page.wait_for_selector('#motion .js-plotly-plot[data-frames="9"]')
        files = page.locator('#files')
        for suffix in ('npz', 'csv', 'json', 'trc', 'bvh'):
            files.get_by_text(f'.{suffix}').first.wait_for()
        with page.expect_download() as download:
            files.locator('a[download]').first.click()
        assert Path(download.value.path()).stat().st_size > 0
