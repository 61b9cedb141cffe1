"""The centre frame alone: the same as of all frames, and less work."""

import pytest
import torch

from ppt_mmpose.analysis import count_multiply_adds
from ppt_mmpose.tokens import (
    DensityPeakScores,
    DualStreamEncoder,
    Hourglass,
    HypothesisEncoder,
    RecoveringAttention,
    SpatioTemporalEncoder,
)

FRAMES, JOINTS, DIM = 9, 3, 8


def hourglass(recovery=None, keep_centre=True, dim=DIM):
    return Hourglass(
        dim,
        FRAMES,
        blocks=(1,),
        counts=(4,),
        scores=DensityPeakScores(),
        recovery=recovery,
        position=False,
        keep_centre=keep_centre,
    )


def mixste(glass=None):
    return SpatioTemporalEncoder(
        2, DIM, joints=JOINTS, frames=FRAMES, depth=3, num_heads=2, hourglass=glass
    )


def motionbert(glass=None):
    return DualStreamEncoder(
        2, DIM, joints=JOINTS, frames=FRAMES, depth=3, num_heads=2, hourglass=glass
    )


def mhformer(glass=None):
    return HypothesisEncoder(
        joints=JOINTS,
        frames=FRAMES,
        dim=DIM,
        generation_depth=1,
        interaction_depth=2,
        num_heads=2,
        track_heads=3,
        hidden=16,
        hourglass=glass,
    )


MODELS = [mixste, motionbert, mhformer]


def ready(build, glass=None):
    """In evaluation mode, with encodings that are not all zero."""
    model = build(glass).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.5)
    return model


def keypoints(frames=FRAMES):
    return torch.randn(2, frames, JOINTS, 2)


@pytest.mark.parametrize('prunes', [False, True])
@pytest.mark.parametrize('build', MODELS)
def test_the_same_as_of_all_frames(build, prunes):
    model = ready(build, hourglass() if prunes else None)
    given = keypoints()
    every, alone = model(given), model(given, centre=True)
    assert every.tokens.shape[1] == (4 if prunes else FRAMES)
    assert alone.source.tolist() == [[4], [4]]
    expected = every.tokens[every.source == 4].unflatten(0, (2, 1))
    assert torch.allclose(alone.tokens, expected, atol=1e-5)
    assert len(alone.prunings) == prunes
    if prunes:
        assert torch.equal(alone.prunings[0].source, every.prunings[0].source)


def test_a_shorter_sequence_has_another_centre():
    model = ready(mixste)
    given = keypoints(6)
    alone = model(given, centre=True)
    assert alone.source.tolist() == [[3], [3]]
    assert torch.allclose(alone.tokens, model(given).tokens[:, 3:4], atol=1e-5)


@pytest.mark.parametrize('build', MODELS)
def test_gradients_are_the_same(build):
    model = ready(build).double()
    given = keypoints().double()
    gradients = []
    for tokens in (model(given, centre=True).tokens, model(given).tokens[:, 4:5]):
        model.zero_grad()
        tokens.square().sum().backward()
        gradients.append([p.grad.clone() for p in model.parameters()])
    for alone, every in zip(*gradients):
        assert torch.allclose(alone, every)


def test_what_is_left_out():
    # Of the last temporal block: 8 frames of 3 joints of 2 samples have keys and values
    # alone, and no query, attention, projection and MLP.
    model = ready(mixste).to('meta')
    given = keypoints().to('meta')
    every, alone = (
        count_multiply_adds(lambda centre=centre: model(given, centre=centre))
        for centre in (False, True)
    )
    others = 2 * JOINTS * (FRAMES - 1)
    assert every.linear - alone.linear == others * (2 + 2 * 2) * DIM**2
    assert every.attention - alone.attention == others * 2 * FRAMES * DIM


@pytest.mark.parametrize('build', [motionbert, mhformer])
def test_less_work(build):
    model, given = ready(build).to('meta'), keypoints().to('meta')
    every = count_multiply_adds(lambda: model(given))
    alone = count_multiply_adds(lambda: model(given, centre=True))
    assert alone.linear < every.linear
    assert alone.attention < every.attention


@pytest.mark.parametrize('build', MODELS)
@pytest.mark.parametrize(
    'glass',
    [
        dict(keep_centre=False),
        dict(recovery=RecoveringAttention(DIM, 2, FRAMES)),
    ],
)
def test_where_it_may_not_be_there_or_more_is_read(build, glass):
    message = r'centre: expected False for an hourglass with a recovery, or without'
    with pytest.raises(ValueError, match=message):
        ready(build, hourglass(**glass))(keypoints(), centre=True)
