"""What plays a figure that moves: buttons, a slider, and the frames in the browser."""

from typing import Any, Dict, Sequence

import gradio as gr

# Gradio gives Plotly a figure without its frames.
_ADD_FRAMES = """
(value) => {
  const frames = value && value.plot ? JSON.parse(value.plot).frames : null;
  if (!frames) return [];
  const begun = Date.now();
  const add = () => {
    const graph = document.querySelector('#NAME .js-plotly-plot');
    if (window.Plotly && graph && graph._transitionData && graph.layout.sliders) {
      const old = (graph._transitionData._frames || []).map((_, index) => index);
      if (old.length) window.Plotly.deleteFrames(graph, old);
      window.Plotly.addFrames(graph, frames);
      graph.dataset.frames = frames.length;
    } else if (Date.now() - begun < 60000) {
      setTimeout(add, 100);
    }
  };
  add();
  return [];
}
"""


def keep_frames(figure: gr.Plot) -> None:
    """Give the frames of a figure to Plotly, whenever there is another one.

    Args:
        figure: with an ``elem_id``.
    """
    script = _ADD_FRAMES.replace('NAME', figure.elem_id)
    figure.change(None, inputs=figure, js=script)


def play_buttons(milliseconds: float) -> Dict[str, Any]:
    """Play and pause.

    Args:
        milliseconds: that a frame is shown.
    """
    at_once = dict(mode='immediate', transition=dict(duration=0))
    play = dict(
        **at_once, fromcurrent=True, frame=dict(duration=milliseconds, redraw=True)
    )
    pause = dict(**at_once, frame=dict(duration=0, redraw=False))
    return dict(
        type='buttons',
        direction='left',
        showactive=False,
        x=0.02,
        y=0,
        xanchor='left',
        yanchor='top',
        pad=dict(t=2, r=8),
        buttons=[
            dict(label='▶ play', method='animate', args=[None, play]),
            dict(label='❚❚ pause', method='animate', args=[[None], pause]),
        ],
    )


def frame_slider(names: Sequence[str], labels: Sequence[str]) -> Dict[str, Any]:
    """A slider over frames.

    Args:
        names: of the frames.
        labels: when they are.
    """
    go_there = dict(
        mode='immediate',
        transition=dict(duration=0),
        frame=dict(duration=0, redraw=True),
    )
    return dict(
        x=0.02,
        y=0,
        len=0.96,
        pad=dict(t=14),
        ticklen=0,
        minorticklen=0,
        # The current time is told; many labels below would lie over each other.
        font=dict(color='rgba(0,0,0,0)'),
        currentvalue=dict(xanchor='right', offset=22, font=dict(color='#475569')),
        transition=dict(duration=0),
        steps=[
            dict(label=label, method='animate', args=[[name], go_there])
            for name, label in zip(names, labels)
        ],
    )
