"""What goes wrong, as a message on the page."""

import re
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any, Callable

import gradio as gr
from gradio.utils import get_upload_folder
from mmengine.logging import MMLogger

from ..models.strict_loading import MisfitError

# A sentence is read in this time, s.
_SHOWN = 20


def told(work: Callable) -> Callable:
    """A callback whose errors are shown on the page, in the library's own words.

    What is no fault of the input is logged with its traceback, too. The page goes on
    working after either.
    """

    @wraps(work)
    def callback(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        except gr.Error:
            raise
        except (ValueError, OSError, MisfitError) as error:
            raise _shown(str(error)) from None
        except Exception as error:
            MMLogger.get_current_instance().exception('the web demo failed')
            raise _shown(
                f'{type(error).__name__}: {error}. The terminal of the demo tells more.'
            ) from None

    return callback


def _shown(message: str) -> gr.Error:
    # Uploaded files lie in folders that nobody has heard of.
    folder = re.escape(str(Path(get_upload_folder())))
    message = re.sub(rf'{folder}/\w+/', '', message)
    return gr.Error(
        escape(message, quote=False),
        duration=_SHOWN,
        title='This did not work',
        print_exception=False,
    )
