"""What a tab says whose model was not given, or is of another kind."""

import gradio as gr

IMAGE = """
### This tab needs a 2D model

Start the demo with one, such as
```
python tools/web_demo.py --pose2d ppt_s_coco --weights FILE
```
"""
VIDEO = """
### This tab needs a 2D model and a lifter

Start the demo with both, such as
```
python tools/web_demo.py --pose2d ppt_s_coco --weights FILE \\
    --pose3d hot_motionbert_h36m --pose3d-weights FILE
```
"""
CAMERAS = """
### This tab needs a 2D model

Start the demo with one, of single images or of several views, such as
```
python tools/web_demo.py --pose2d mv_ppt_s_h36m --weights FILE
```
"""
SINGLE_IMAGES = """
### This model takes the views of several cameras together

It is used in the tab *Cameras*. This tab takes a model of single images.
"""


def say(text: str) -> None:
    """Put it into the open tab, in the place of everything else."""
    gr.Markdown(text, elem_classes='needs')
