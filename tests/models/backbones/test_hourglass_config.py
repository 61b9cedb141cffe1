import pytest
import torch

from ppt_mmpose.models.backbones.hourglass_config import hourglass_of
from ppt_mmpose.tokens import (
    DensityPeakScores,
    LinearRecovery,
    NearestRecovery,
    RecoveringAttention,
    attention_scores,
    motion_scores,
    uniform_scores,
)

ONE = dict(prune_blocks=(1,), kept_frames=(3,))


def build(**kwargs):
    return hourglass_of({**ONE, **kwargs}, 8, 9, 2)


def test_none_for_a_model_that_never_prunes():
    assert hourglass_of(None, 8, 9, 2) is None


def test_hot_by_default():
    hourglass = build()
    assert isinstance(hourglass.recovery, RecoveringAttention)
    assert tuple(hourglass.recovery.queries.shape) == (1, 9, 8)
    assert isinstance(hourglass.scores, DensityPeakScores)
    assert hourglass.scores.noise is None
    assert hourglass.scores.break_ties
    assert len(hourglass.positions) == 1
    assert not hourglass.keep_centre


def test_without_recovery_as_tpc():
    hourglass = build(recovery=None)
    assert hourglass.recovery is None
    assert hourglass.keep_centre
    assert not len(hourglass.positions)
    other = build(recovery=None, keep_centre=False, position=True)
    assert not other.keep_centre
    assert len(other.positions) == 1


@pytest.mark.parametrize(
    ('selection', 'scores'),
    [
        ('uniform', uniform_scores),
        ('attention', attention_scores),
        ('motion', motion_scores),
    ],
)
def test_other_selections(selection, scores):
    assert build(selection=selection).scores is scores


@pytest.mark.parametrize(
    ('recovery', 'kind'), [('nearest', NearestRecovery), ('linear', LinearRecovery)]
)
def test_other_recoveries(recovery, kind):
    assert isinstance(build(recovery=recovery).recovery, kind)


def test_released_noise():
    scores = build(density_noise=1e-6, neighbours=5).scores
    assert (scores.noise, scores.neighbours) == (1e-6, 5)


def test_several_prunings():
    hourglass = build(prune_blocks=(1, 2), kept_frames=(6, 3), position=False)
    assert (hourglass.blocks, hourglass.counts) == ((1, 2), (6, 3))


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(selection='best'), "selection: expected one of .*'cluster'.* got 'best'"),
        (dict(recovery='spline'), "recovery: expected one of .* got 'spline'"),
        (dict(kept_frames=3), 'kept_frames: expected a sequence of whole numbers'),
        (dict(kept_frames=(9,)), 'kept_frames: expected descending numbers below 9'),
        (dict(keep=3), 'hourglass: expected prune_blocks, kept_frames and any of'),
        (
            dict(kept_frames=(True,)),
            'kept_frames: expected a sequence of whole numbers',
        ),
        (dict(prune_blocks=(True,)), 'prune_blocks: expected a sequence of whole numb'),
        (dict(density_noise='a'), 'density_noise: expected a number'),
        (
            dict(density_noise=-1.0),
            'density_noise: expected a finite number, 0 or more',
        ),
        (dict(density_noise=float('nan')), 'density_noise: expected a finite number'),
        *(
            (dict(neighbours=wrong), 'neighbours: .* 1 or more and at most 9, got')
            for wrong in (0, 2.5, True, '2', None, 10)
        ),
        *(
            (dict(selection='motion', neighbours=wrong), 'neighbours: expected a whole')
            for wrong in (2.0, '2')
        ),
        (dict(position='yes'), "position: expected True or False, got 'yes'"),
        (dict(keep_centre=1), 'keep_centre: expected True or False, got 1'),
        (dict(selection='motion', neighbours=3), "belong to selection='cluster'"),
        (dict(selection='uniform', density_noise=1e-6), 'density_noise=1e-06'),
    ],
)
def test_what_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        build(**wrong)


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match='hourglass: expected prune_blocks'):
        hourglass_of(dict(prune_blocks=(1,)), 8, 9, 2)


def test_weights_begin_as_nothing():
    hourglass = build()
    assert not hourglass.positions[0].any()
    assert not hourglass.recovery.queries.any()
    assert torch.is_tensor(hourglass.positions[0])
