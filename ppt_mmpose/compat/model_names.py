"""Our model names in the inferencers: ``MMPoseInferencer(pose2d='ppt_s_coco')``.

MMEngine resolves names in the metafiles of its own closed list of packages, and MMPose
asks for its own. Here the entries of our metafiles follow those of MMPose. Their
configs are absolute paths, and ``Weights`` is None where the metafile names none:
MMEngine demands the key even when weights are given.

Needed with every MMEngine so far (0.10.7); can go when it lets a package add to the
list.
"""

from pathlib import Path
from typing import Iterator

from mmengine.fileio import load
from mmengine.infer import BaseInferencer

HOST = 'mmpose'


def our_models() -> Iterator[dict]:
    """The entries of our metafiles, or nothing where the package came without."""
    from ..apis.config_files import config_folder

    try:
        root = config_folder().parent
    except FileNotFoundError:
        # The doctor tells; MMPose's own names must go on working.
        return
    for metafile in load(root / 'model-index.yml')['Import']:
        for entry in load(root / metafile)['Models']:
            config = str(root / entry['Config'])
            yield dict(entry, Config=config, Weights=entry.get('Weights'))


def apply() -> None:
    """Let our entries follow MMPose's. Idempotent."""
    host_models = BaseInferencer._get_models_from_metafile
    if getattr(host_models, 'mends', None) == __name__:
        return

    def models(dir: str) -> Iterator[dict]:
        yield from host_models(dir)
        if Path(dir) == Path(BaseInferencer._get_repo_or_mim_dir(HOST)):
            yield from our_models()

    vars(models)['mends'] = __name__
    BaseInferencer._get_models_from_metafile = staticmethod(models)
