"""What all annotation files tell: whose view each entry is, and its labels."""

from dataclasses import dataclass, field
from typing import Any, Mapping, NamedTuple, Optional, Protocol, Sequence

import numpy as np
from numpy.typing import NDArray


class Place(NamedTuple):
    """Whose view an entry of a file is.

    Attributes:
        group: of views of one instant.
        view: number of the camera.
        take: ``(subject, action, subaction)`` of Human3.6M.
    """

    group: str
    view: int
    take: Sequence[Any] = ()


@dataclass(frozen=True, eq=False)
class ViewLabel:
    """The labels of one view.

    Attributes:
        image: path below the folder of the images.
        keypoints: ``(J, 2)``, px.
        visible: ``(J,)``, bool; of the keypoints in the image and in the world.
        world: ``(J, 3)``, m; None where the file has no positions in the world.
        camera: see `ppt_mmpose.calibration.camera_dicts`.
        centre: ``(2,)``, px, of the crop.
        size: ``(2,)``, px, width and height of the crop.
        meta: more that samples tell.
    """

    image: str
    keypoints: NDArray[np.float64]
    visible: NDArray[np.bool_]
    world: Optional[NDArray[np.float64]]
    camera: Mapping[str, Any]
    centre: NDArray[np.float64]
    size: NDArray[np.float64]
    meta: Mapping[str, Any] = field(default_factory=dict)


class Annotations(Protocol):
    """A file that was read.

    Attributes:
        places: of each entry, in the order of the file.
    """

    places: Sequence[Place]

    def label(self, index: int) -> ViewLabel:
        """The labels of one entry.

        Raises:
            ValueError: naming the file, the entry and the field that is wrong.
        """
        ...
