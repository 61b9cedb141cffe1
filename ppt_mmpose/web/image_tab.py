"""The first tab: an image, and how many tokens it takes."""

from pathlib import Path
from typing import Any, Optional, Tuple

import gradio as gr
import numpy as np

from ..frames.reading import read_image
from . import needs
from .given_models import GivenModels
from .image_input import image_file, picture_shown
from .image_view import view_image
from .messages import told
from .typed_boxes import box_field, typed_boxes

# What a person can see a difference between, and what leaves a token.
LOWEST, STEP = 0.1, 0.05
# On a phone, what the slider does is seen below it.
IMAGE_HEIGHT, PEOPLE_HEIGHT = 280, 440


def add_image_tab(models: GivenModels) -> None:
    """Build the tab into the open page.

    Args:
        models: that the demo was started with.
    """
    if models.pose2d is None:
        needs.say(needs.IMAGE)
        return
    if models.fuses_views:
        needs.say(needs.SINGLE_IMAGES)
        return
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            image = image_file(
                label='Image',
                sources=['upload', 'clipboard'],
                height=IMAGE_HEIGHT,
                buttons=[],
            )
            ratio = _slider(models)
            with gr.Accordion('Where people are', open=False):
                box = box_field(models, 'Boxes')
                button = gr.Button('Find people', elem_id='find')
        with gr.Column(scale=3, min_width=280):
            line = gr.Markdown('', elem_id='image_line')
            picture = picture_shown('People', 'people', height=PEOPLE_HEIGHT)
            kept = picture_shown('Tokens that were kept', 'kept')
            kept.visible = models.tokens is not None
    people = gr.State(None)
    shown = [line, picture, kept, people]
    first = dict(inputs=[image, ratio, box], outputs=shown, concurrency_id='models')
    callback = ImageCallback(models)
    image.change(told(callback.new), **first)
    for event in (button.click, box.submit):
        event(told(callback.asked), **first)
    # Where people are does not depend on the ratio: no detector runs again.
    ratio.change(
        told(callback.moved),
        inputs=[image, ratio, people],
        outputs=shown,
        concurrency_id='models',
        trigger_mode='always_last',
        show_progress='hidden',
    )


def why_fixed(models: GivenModels) -> str:
    """Why the keep ratio cannot be moved; nothing where it can."""
    if models.tokens is None:
        return 'This model has no tokens, so that none can be pruned.'
    if not models.prunes:
        return 'This model never prunes: each token goes through every layer.'
    return ''


def _slider(models: GivenModels) -> gr.Slider:
    reason = why_fixed(models)
    return gr.Slider(
        LOWEST,
        1,
        value=1 if reason else models.tokens.neck.keep_ratio,
        step=STEP,
        label='Keep ratio: part of the tokens that stays at each pruning',
        info=reason or None,
        interactive=not reason,
        elem_id='ratio',
    )


class ImageCallback:
    """What happens when something is given or moved.

    Args:
        models: with one of single images.
    """

    def __init__(self, models: GivenModels) -> None:
        self.models = models

    def new(self, path: Optional[str], ratio: float, box: str) -> Tuple[Any, ...]:
        """Another image, or none any more.

        Args:
            path: of its file.
            ratio: of the slider.
            box: of people, as it was typed.

        Returns:
            A line of text, two pictures or None, and the boxes of people.
        """
        return ('', None, None, None) if path is None else self.asked(path, ratio, box)

    def asked(self, path: Optional[str], ratio: float, box: str) -> Tuple[Any, ...]:
        """Find the people; arguments and results as of `new`.

        Raises:
            ValueError: for no image, a file that is none, or boxes that are none.
        """
        if path is None:
            raise ValueError('image: expected one, got none')
        image = read_image(Path(path))
        typed = typed_boxes(box or '', (image.shape[1], image.shape[0]))
        return self._view(image, ratio, typed)

    def moved(
        self, path: Optional[str], ratio: float, people: Optional[np.ndarray]
    ) -> Tuple[Any, ...]:
        """Draw the same people with other tokens; results as of `new`.

        Args:
            path: of the image's file.
            ratio: of the slider.
            people: their boxes ``(n, 4)``, px.
        """
        if path is None:
            return '', None, None, None
        return self._view(read_image(Path(path)), ratio, people)

    def _view(
        self, image: np.ndarray, ratio: float, boxes: Optional[np.ndarray]
    ) -> Tuple[Any, ...]:
        keep = ratio if self.models.prunes else None
        view = view_image(self.models, image, keep_ratio=keep, boxes=boxes)
        return view.text, view.picture, view.kept, view.boxes
