"""A page in the browser, for people who would rather look than write code.

It runs on the computer that it is opened on, or on one that is reached by its name.
"""

from importlib.util import find_spec

from ..hosts import install_web

MODULES = ('gradio', 'plotly')


def _require(*names: str) -> None:
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise ImportError(
            f'the web demo: expected {" and ".join(names)}, found no '
            f'{" and no ".join(missing)}; install with: {install_web()}'
        )


_require(*MODULES)

from .given_models import GivenModels  # noqa: E402
from .page import build_page, serve  # noqa: E402

__all__ = ['GivenModels', 'build_page', 'serve']
