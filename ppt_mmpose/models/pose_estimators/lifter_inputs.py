"""What goes into a lifter, looked at before anything is computed.

Values of another unit and joints of another order have the shape of the right ones, and
give poses that look like some.
"""

from typing import List, Optional, Sequence, Union

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor

# Normalised x is in [-1, 1] inside the image; a joint is never so far outside. Scores
# are 1 at most, or, of heatmaps, a little more.
FARTHEST = 10
AXES = 2


def one_batch(inputs: Union[Tensor, Sequence[Tensor]]) -> Tensor:
    """Sequences ``(T, J, channels)``, or a tensor of them, as ``(B, T, J, channels)``.

    Raises:
        ValueError: if there is none, they differ in shape, or are no such numbers.
    """
    if not isinstance(inputs, Tensor):
        shapes = sorted({tuple(one.shape) for one in inputs})
        if len(shapes) > 1:
            raise ValueError(
                'inputs: expected sequences of one shape, (frames, joints, channels), '
                f'got {", ".join(map(str, shapes))}'
            )
        inputs = torch.stack(list(inputs)) if len(shapes) else torch.empty(0, 1, 1, 1)
    if inputs.dim() != 4 or not len(inputs):
        raise ValueError(
            'inputs: expected one sequence or more, (batch, frames, joints, channels), '
            f'got {tuple(inputs.shape) if len(inputs) else "none"}'
        )
    if not inputs.is_floating_point():
        raise ValueError(f'inputs: expected floating-point numbers, got {inputs.dtype}')
    return inputs


def check_values(inputs: Tensor, data_samples: Sequence[PoseDataSample]) -> None:
    """Refuse what is no number, no normalised place and no score.

    Args:
        inputs: ``(B, T, J, channels)``: x, y, and maybe a score.
        data_samples: B of them, or none; they tell the names of images.

    Raises:
        ValueError: naming the sample, the frame and the joint.
    """
    values = inputs.detach().abs()
    # One look at all: an accelerator is waited for once. A comparison with a value that
    # is no number is False.
    if not bool((values <= FARTHEST).all()):
        raise ValueError(_what_is_wrong(values, data_samples))


def _what_is_wrong(values: Tensor, data_samples: Sequence[PoseDataSample]) -> str:
    wrong = ~(values <= FARTHEST)
    sample, frame, joint, channel = wrong.nonzero()[0].tolist()
    value = values[sample, frame, joint, channel].item()
    where = f'sample {sample}, frame {frame}, joint {joint}'
    samples = data_samples[sample : sample + 1]
    names = samples[0].get('target_img_path') if samples else None
    if names is not None and len(names) > frame:
        where += f' ({names[frame]})'
    if value != value:
        return f'keypoints: expected numbers, got nan in {where}'
    if channel >= AXES:
        return (
            f'keypoints: expected a score, 0 to 1 or so, in channel {channel}, got '
            f'{value:g} in {where}'
        )
    return (
        'keypoints: expected normalised coordinates (x / w * 2 - 1, '
        f'y / w * 2 - h / w), got {value:g} in {where}; are these pixels? (In small '
        "images, MMPose's inferencers need disable_norm_pose_2d=True.)"
    )


def check_joints(
    data_samples: Sequence[PoseDataSample], joints: int, metainfo: Optional[dict]
) -> None:
    """Refuse samples with other joints than the model's, or than each other's.

    Args:
        data_samples: of a batch; ``flip_indices`` of each are looked at, where it has
            them.
        joints: J, of the model.
        metainfo: of the model; without it the number of joints has to do.

    Raises:
        ValueError: naming both sides.
    """
    given = (sample.get('flip_indices') for sample in data_samples)
    known: List[list] = [list(indices) for indices in given if indices is not None]
    ours = list(metainfo['flip_indices']) if metainfo else None
    for theirs in known:
        if metainfo and theirs != ours:
            raise ValueError(
                f'joints: expected those of {metainfo["dataset_name"]}, which the '
                f'model has, with flip_indices {ours}, got samples with flip_indices '
                f'{theirs}'
            )
        if len(theirs) != joints:
            raise ValueError(
                f'joints: expected the {joints} of the model, got samples with '
                f'flip_indices {theirs}, of {len(theirs)}'
            )
        if theirs != known[0]:
            raise ValueError(
                'joints: expected the same in all samples of a batch, got samples with '
                f'flip_indices {known[0]} and {theirs}'
            )
