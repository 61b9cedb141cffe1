"""Whether a teacher can teach a student: checks before the first step."""

from typing import Any, Dict, Optional, Sequence, Tuple

from mmpose.models.pose_estimators import TopdownPoseEstimator

from ..pose_estimators import TopdownTokenPose

# What makes a target heatmap; how it is decoded may differ.
OF_TARGETS = ('input_size', 'heatmap_size', 'sigma', 'heatmap_type', 'unbiased')
Pairs = Tuple[Tuple[int, int], ...]


def check_heatmaps(
    student: TopdownPoseEstimator, teacher: TopdownPoseEstimator
) -> None:
    """The two must see the same images, and say the same with a heatmap.

    Raises:
        ValueError: naming both sides, if keypoints, codec or normalisation differ, or
            the teacher's head is none of heatmaps.
    """
    if not hasattr(teacher.head, 'out_channels'):
        raise ValueError(
            'teacher: expected a model that gives heatmaps, got one with a '
            f'{type(teacher.head).__name__}'
        )
    _same(
        'head.out_channels', *(model.head.out_channels for model in (student, teacher))
    )
    ours, theirs = _codec(student), _codec(teacher)
    if ours and theirs:
        _same('head.decoder', ours, theirs)
    _same('data_preprocessor', _normalisation(student), _normalisation(teacher))


def check_tokens(student: TopdownTokenPose, teacher: TopdownPoseEstimator) -> None:
    """For a term that compares keypoint tokens.

    Raises:
        ValueError: if the teacher has none, or of another width.
    """
    _expect_tokens('token_loss', teacher)
    _same('head.in_channels', student.head.in_channels, teacher.head.in_channels)


def attention_pairs(
    student: TopdownTokenPose, teacher: TopdownPoseEstimator, layer_map: Optional[Pairs]
) -> Pairs:
    """Which block of the student learns from which of the teacher.

    Blocks in which several views come together are left out.

    Args:
        student: a token model.
        teacher: has to be one.
        layer_map: pairs of blocks; None for block by block.

    Raises:
        ValueError: naming both sides, if the teacher has no tokens, another grid or
            depth, or prunes, or there is no such block.
    """
    _expect_tokens('attention_loss', teacher)
    grids = [model.neck.patch_embedding.grid for model in (student, teacher)]
    _same('grid of patches (rows, columns)', *grids)
    if teacher.neck.prunes and teacher.neck.keep_ratio < 1:
        raise ValueError(
            'teacher: expected a model that keeps all patches (neck.keep_ratio=1), got '
            f'neck.keep_ratio={teacher.neck.keep_ratio}'
        )
    ours, theirs = _of_one_view(student), _of_one_view(teacher)
    if layer_map is None:
        depths = [len(model.neck.encoder.blocks) for model in (student, teacher)]
        if depths[0] != depths[1]:
            raise ValueError(
                f'attention_loss.layer_map: expected pairs of blocks for a student of '
                f'{depths[0]} blocks and a teacher of {depths[1]}, got None'
            )
        return tuple((block, block) for block in range(min(ours, theirs)))
    for mine, other in layer_map:
        if not (0 <= mine < ours and 0 <= other < theirs):
            raise ValueError(
                f'attention_loss.layer_map: expected blocks of the student below '
                f'{ours} and of the teacher below {theirs}, where each sees one view '
                f'alone, got {(mine, other)}'
            )
    return layer_map


def _of_one_view(model: Any) -> int:
    """How many blocks, from the first one on, see one view."""
    neck = model.neck
    fused = getattr(neck, 'fuse', False)
    return neck.encoder.first_fused if fused else len(neck.encoder.blocks)


def _expect_tokens(term: str, teacher: TopdownPoseEstimator) -> None:
    if not isinstance(teacher, TopdownTokenPose):
        raise ValueError(
            f'{term}: expected a teacher of type TopdownTokenPose, got '
            f'{type(teacher).__name__}; other models teach heatmaps alone, with '
            f'{term}=None'
        )


def _codec(model: TopdownPoseEstimator) -> Dict[str, Any]:
    codec = getattr(model.head, 'decoder', None)
    if codec is None:
        return {}
    facts = {name: getattr(codec, name) for name in OF_TARGETS if hasattr(codec, name)}
    return dict(type=type(codec).__name__, **facts)


def _normalisation(model: TopdownPoseEstimator) -> Dict[str, Any]:
    given = model.data_preprocessor
    facts = dict(bgr_to_rgb=getattr(given, '_channel_conversion', False))
    for name in ('mean', 'std'):
        values = getattr(given, name, None)
        facts[name] = None if values is None else values.flatten().tolist()
    return facts


def _same(what: str, student: Any, teacher: Any) -> None:
    if student != teacher:
        raise ValueError(
            f"teacher: expected the student's {what}, {_shown(student)}, got "
            f'{_shown(teacher)}'
        )


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ', '.join(f'{key}={item}' for key, item in value.items())
    return f'{tuple(value)}' if isinstance(value, Sequence) else f'{value}'
