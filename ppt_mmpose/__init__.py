"""TokenPose and PPT for MMPose 1.x: transformers that look only at the person.

Importing the package registers its models, hooks and datasets in MMPose's
registries. Nothing else has to be called.
"""

import sys

from .version import __version__

__all__ = ['__version__']


def _doctor_is_coming() -> bool:
    # python -m ppt_mmpose.doctor: until the module is found, argv[0] is '-m'. It looks
    # at environments in which registration fails.
    return sys.argv[:1] == ['-m'] and 'ppt_mmpose.doctor' in sys.orig_argv


if not _doctor_is_coming():
    from . import register  # noqa: F401
