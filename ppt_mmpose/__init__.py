"""TokenPose and PPT for MMPose 1.x: transformers that look only at the person.

Importing the package registers its models, hooks and datasets in MMPose's
registries. Nothing else has to be called.
"""

from .version import __version__

try:
    import mmcv  # noqa: F401
    import mmengine  # noqa: F401
    import mmpose  # noqa: F401
except ImportError as error:
    raise ImportError(
        f'ppt_mmpose needs MMPose 1.x, and importing it failed: {error}. To install '
        'it without compiling anything: pip install mmengine==0.10.7 '
        'mmcv-lite==2.1.0 && pip install --no-deps mmpose==1.3.2 (the README lists '
        'the rest)'
    ) from error

from . import compat

compat.apply()

from . import datasets, engine, evaluation, models  # noqa: E402

__all__ = ['__version__', 'datasets', 'engine', 'evaluation', 'models']
