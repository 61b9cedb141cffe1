"""Names of joints, for the names of numbers."""

from typing import List, Mapping, Optional


def joint_names(dataset_meta: Optional[Mapping], count: int) -> List[str]:
    """What a dataset calls its joints; their numbers where it does not say.

    Args:
        dataset_meta: as MMPose's datasets hand it to metrics.
        count: J.
    """
    names = (dataset_meta or {}).get('keypoint_id2name', {})
    return [str(names.get(joint, joint)) for joint in range(count)]
