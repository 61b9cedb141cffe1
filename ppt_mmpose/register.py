"""Registration in MMPose's registries, which importing ``ppt_mmpose`` does."""

import importlib
import importlib.util

from .hosts import install_hosts

try:
    importlib.import_module('mmpose')
    from . import compat

    compat.apply()
    importlib.import_module('mmpose.apis')
# Not only ImportError: MMPose asserts versions, and compiled parts that do not fit
# raise what they like.
except Exception as error:
    command = install_hosts(with_mmcv=importlib.util.find_spec('mmcv') is None)
    raise ImportError(
        f'ppt_mmpose needs MMPose 1.x, and importing it failed: {error}. To install '
        f'it, without compiling anything:\n    {command}\n'
        'What is wrong here: python -m ppt_mmpose.doctor'
    ) from error

from . import datasets, engine, evaluation, models  # noqa: F401
