"""Images that come in, as files, and pictures that are shown."""

from typing import Any, Optional

import gradio as gr


def image_file(**options: Any) -> gr.Image:
    """An input whose callback gets the path of the file, or None.

    Whether it is an image is told by who reads it: Gradio itself would open it first,
    and a broken one would end in a traceback. (A subclass would make Gradio write a
    .pyi file beside this one.)

    Args:
        **options: as of `gradio.Image`.
    """
    image = gr.Image(type='filepath', **options)
    image.preprocess = _path
    return image


def picture_shown(label: str, name: str, **options: Any) -> gr.Image:
    """A picture to look at.

    Args:
        label: above it.
        name: its id on the page.
        **options: as of `gradio.Image`.
    """
    return gr.Image(
        label=label,
        elem_id=name,
        interactive=False,
        # Sharing would upload it.
        buttons=['download', 'fullscreen'],
        format='jpeg',
        **options,
    )


def _path(payload: Any) -> Optional[str]:
    return None if payload is None else payload.path
