"""The second tab: people in a video, and their poses."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Optional, Tuple

import gradio as gr

from . import needs
from .given_models import GivenModels
from .messages import told
from .player import keep_frames
from .typed_boxes import box_field, typed_boxes
from .video_view import VideoView, view_video

HEIGHT = 360
# What was found in a video is forgotten after this time, s.
_KEPT = 3600


def add_video_tab(models: GivenModels) -> None:
    """Build the tab into the open page.

    Args:
        models: that the demo was started with.
    """
    if models.pose2d is None or models.pose3d is None:
        needs.say(needs.VIDEO)
        return
    if models.fuses_views:
        needs.say(needs.SINGLE_IMAGES)
        return
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            video = gr.Video(
                label='Video', sources=['upload'], height=280, elem_id='video'
            )
            button = gr.Button(
                'Find the poses', variant='primary', elem_id='find_poses'
            )
            with gr.Accordion('Where people are', open=False):
                box = box_field(models, 'Boxes in the first frame')
        with gr.Column(scale=3, min_width=280):
            line = gr.Markdown('', elem_id='video_line')
            shown = gr.Video(
                label='People',
                interactive=False,
                height=HEIGHT,
                loop=True,
                buttons=['download'],
                elem_id='video_people',
            )
            person = gr.Radio(label='Person', visible=False, elem_id='person')
            figure = gr.Plot(label='In 3D', elem_id='motion')
            files = gr.File(
                label='Files', interactive=False, file_count='multiple', elem_id='files'
            )
    view = gr.State(None, time_to_live=_KEPT)
    button.click(
        told(VideoCallback(models).asked),
        inputs=[video, box],
        outputs=[line, shown, person, figure, files, view],
        concurrency_id='models',
        show_progress_on=[line],
    )
    person.input(told(drawn), inputs=[view, person], outputs=figure)
    keep_frames(figure)


class VideoCallback:
    """What happens when poses are to be found.

    Args:
        models: with a 2D model of single images and a lifter.
    """

    def __init__(self, models: GivenModels) -> None:
        self.models = models
        self._folder = TemporaryDirectory(prefix='ppt_mmpose_')
        self._done = 0

    def asked(
        self,
        video: Optional[str],
        box: str = '',
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Tuple[Any, ...]:
        """Find the people of a video.

        Args:
            video: its file.
            box: of people in the first frame, as it was typed.
            progress: of Gradio.

        Returns:
            A line of text, a video, the choice of people, a figure or None, files, and
            the view for `drawn`.

        Raises:
            ValueError: for no video, a file that is none, or boxes that are none.
        """
        if video is None:
            raise ValueError('video: expected one, got none')
        self._done += 1
        view = view_video(
            self.models,
            video,
            Path(self._folder.name, str(self._done)),
            boxes=typed_boxes(box or ''),
            progress=lambda done, name: progress(done, desc=name),
        )
        first = view.people[0] if view.people else None
        choice = gr.Radio(
            [(f'person {track}', track) for track in view.people],
            value=first,
            visible=len(view.people) > 1,
        )
        files = [str(path) for path in view.files]
        return view.text, str(view.video), choice, view.figure(first), files, view


def drawn(view: Optional[VideoView], track: Optional[int]) -> Any:
    """The figure of another person; None of nobody.

    Args:
        view: what was found.
        track: the person's number.
    """
    return None if view is None else view.figure(track)
