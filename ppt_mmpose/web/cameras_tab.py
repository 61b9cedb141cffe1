"""The third tab: one person before several calibrated cameras."""

from typing import Any, List, Optional, Tuple

import gradio as gr

from ..frames.reading import IMAGE_SUFFIXES
from ..geometry.up_axis import UP_AXES
from . import needs
from .cameras_view import CamerasView, view_cameras
from .given_models import GivenModels
from .image_input import picture_shown
from .messages import told

FROM_CAMERAS = 'as the cameras are held'
HOW = """
One image of each camera, all taken at the same moment, each file named after its camera
(`left.jpg` of the camera `left`), and the calibration, in any of the formats that the
library reads. One person.
"""


def add_cameras_tab(models: GivenModels) -> None:
    """Build the tab into the open page.

    Args:
        models: that the demo was started with.
    """
    if models.pose2d is None:
        needs.say(needs.CAMERAS)
        return
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            gr.Markdown(HOW)
            images = gr.File(
                label='Images of 2 cameras or more',
                file_count='multiple',
                file_types=list(IMAGE_SUFFIXES),
                elem_id='view_files',
                height=150,
            )
            calibration = gr.File(
                label='Calibration', elem_id='calibration', height=120
            )
            button = gr.Button(
                'Find the person', variant='primary', elem_id='find_views'
            )
            up, boxes = _options(models)
        with gr.Column(scale=3, min_width=280):
            line = gr.Markdown('', elem_id='views_line')
            picture = picture_shown('All views', 'views')
            figure = gr.Plot(label='In 3D', elem_id='views_3d')
            around = gr.Checkbox(
                True, label='Show the cameras', elem_id='around', interactive=True
            )
    view = gr.State(None)
    button.click(
        told(CamerasCallback(models)),
        inputs=[images, calibration, up, boxes, around],
        outputs=[line, picture, figure, view],
        concurrency_id='models',
    )
    around.change(told(drawn), inputs=[view, around], outputs=figure)


def _options(models: GivenModels) -> Tuple[gr.Dropdown, gr.File]:
    with gr.Accordion('Where the person is, and what is up', open=False):
        detects = models.estimator.detects
        otherwise = 'people are detected' if detects else 'the person fills the images'
        boxes = gr.File(
            label=f'Boxes, JSON; without them {otherwise}',
            file_types=['.json'],
            elem_id='boxes',
            height=120,
        )
        up = gr.Dropdown(
            [FROM_CAMERAS, *UP_AXES],
            value=FROM_CAMERAS,
            label='What is up in the world',
            elem_id='up',
        )
    return up, boxes


class CamerasCallback:
    """What happens when the person is to be found.

    Args:
        models: with a 2D model.
    """

    # Gradio names callbacks.
    __name__ = 'find_person'

    def __init__(self, models: GivenModels) -> None:
        self.models = models

    def __call__(
        self,
        images: Optional[List[str]],
        calibration: Optional[str],
        up: str,
        boxes: Optional[str],
        around: bool,
    ) -> Tuple[Any, ...]:
        """Find the person.

        Args:
            images: files, named after their cameras.
            calibration: file.
            up: an axis of the world, or `FROM_CAMERAS`.
            boxes: a JSON file, or None.
            around: show the cameras in 3D.

        Returns:
            A line of text, a picture, a figure or None, and the view for `drawn`.

        Raises:
            ValueError: see `view_cameras`; for no images or no calibration.
        """
        if not images:
            raise ValueError('images: expected one of each camera, got none')
        if calibration is None:
            raise ValueError('calibration: expected a file, got none')
        view = view_cameras(
            self.models,
            images,
            calibration,
            up=None if up == FROM_CAMERAS else up,
            boxes=boxes,
        )
        return view.text, view.picture, drawn(view, around), view


def drawn(view: Optional[CamerasView], around: bool) -> Any:
    """The figure of what was found before; None of nothing.

    Args:
        view: what was found.
        around: show the cameras.
    """
    return None if view is None else view.figure(cameras=around)
