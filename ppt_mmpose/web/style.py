"""How the page looks: quiet, in the fonts of whoever looks at it."""

import gradio as gr

_FONTS = ('system-ui', '-apple-system', 'Segoe UI', 'Roboto', 'sans-serif')
_FIXED = ('ui-monospace', 'Menlo', 'Consolas', 'monospace')

CSS = """
.gradio-container { max-width: 1180px !important; margin: 0 auto !important; }
#title h1 { font-weight: 600; letter-spacing: -0.01em; margin-bottom: 0; }
#title p { opacity: 0.7; margin-top: 2px; }
.needs { padding: 32px 8px; min-height: 240px; }
.needs pre, .needs code { white-space: pre-wrap !important; word-break: break-word; }
#image_line, #video_line, #views_line { min-height: 1.6em; opacity: 0.85; }
/* Labels lie over pictures; these begin below. */
#kept .image-container, #views .image-container { padding-top: 30px; }
#views_3d .js-plotly-plot { height: min(440px, 88vw); }
#motion .js-plotly-plot { height: min(560px, 88vw + 120px); }
#views_3d .modebar-container, #motion .modebar-container { display: none; }
@media (max-width: 640px) {
  .gradio-container { padding: 8px !important; }
}
"""


def theme() -> gr.themes.Base:
    """Grey and blue, flat, without fonts from elsewhere."""
    return gr.themes.Base(
        primary_hue='blue',
        neutral_hue='slate',
        radius_size='sm',
        font=_FONTS,
        font_mono=_FIXED,
    ).set(
        body_background_fill='*neutral_50',
        block_border_width='1px',
        block_shadow='none',
        block_label_background_fill='*neutral_50',
    )
