"""The page, and the server that shows it."""

from typing import Any, Optional

import gradio as gr

from ..version import __version__
from .cameras_tab import add_cameras_tab
from .given_models import GivenModels
from .image_tab import add_image_tab
from .style import CSS, theme
from .video_tab import add_video_tab

TITLE = 'ppt_mmpose'
_HOUR = 3600


def build_page(models: GivenModels) -> gr.Blocks:
    """The page with its three tabs.

    Args:
        models: that it uses; a tab whose models are missing says so.
    """
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, delete_cache=(_HOUR, 24 * _HOUR)
    ) as page:
        gr.Markdown(
            f'# {TITLE}\nPeople, with only the tokens that see them · {__version__}',
            elem_id='title',
        )
        with gr.Tab('Image', id='image'):
            add_image_tab(models)
        with gr.Tab('Video', id='video'):
            add_video_tab(models)
        with gr.Tab('Cameras', id='cameras'):
            add_cameras_tab(models)
    return page


def serve(
    models: GivenModels,
    *,
    host: str = '127.0.0.1',
    port: Optional[int] = None,
) -> Any:
    """Begin to show the page.

    Nothing is fetched from other computers, and nothing is told to any.

    Args:
        models: that it uses.
        host: whose requests are answered: ``'127.0.0.1'`` for this computer alone,
            ``'0.0.0.0'`` for every one that reaches it.
        port: of the server; a free one from 7860 on when None.

    Returns:
        The page, whose ``local_url`` is its address; ``block_thread`` stays until it is
        interrupted, and ``close`` ends it.

    Raises:
        OSError: if the port is taken.
    """
    page = build_page(models)
    page.queue(api_open=False)
    page.launch(
        server_name=host,
        server_port=port,
        share=False,
        inbrowser=False,
        quiet=True,
        prevent_thread_lock=True,
        show_error=True,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        theme=theme(),
        css=CSS,
    )
    return page
