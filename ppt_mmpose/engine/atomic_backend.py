"""Files that are either whole or not there."""

import os
from pathlib import Path
from typing import Union

from mmengine.fileio import LocalBackend, register_backend


class AtomicLocalBackend(LocalBackend):
    """MMEngine's local backend, writing beside the target and then renaming.

    A process that dies while it writes leaves the old file as it was, and at most
    a ``*.tmp`` beside it, which the next write of the same file takes over. Use it
    with ``backend_args=dict(backend='atomic')``.
    """

    def put(self, obj: Union[bytes, memoryview], filepath: Union[str, Path]) -> None:
        """Write ``obj`` to ``filepath``, replacing it in one step."""
        target = Path(filepath)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(target.name + '.tmp')
        try:
            with open(draft, 'wb') as file:
                file.write(obj)
                file.flush()
                # Otherwise a crash of the machine could keep the name and lose the
                # data.
                os.fsync(file.fileno())
            os.replace(draft, target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def put_text(
        self, obj: str, filepath: Union[str, Path], encoding: str = 'utf-8'
    ) -> None:
        """Write the text ``obj`` to ``filepath``, replacing it in one step."""
        self.put(obj.encode(encoding), filepath)


register_backend('atomic', AtomicLocalBackend, force=True)
