"""A lifter of which the centre frame is wanted computes it alone, and predicts it."""

import numpy as np
import pytest
import torch
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

from ppt_mmpose.tokens import uniform_scores

FRAMES, JOINTS = 9, 4
TPC = dict(prune_blocks=(1,), kept_frames=(5,), recovery=None)
HOT = dict(prune_blocks=(1,), kept_frames=(5,))
CODEC = dict(type='VideoPoseLifting', num_keypoints=JOINTS, reshape_keypoints=False)


def lifter(hourglass, output):
    config = dict(
        type='ppt_mmpose.models.TokenPoseLifter',
        backbone=dict(
            type='MixSTE',
            feat_size=8,
            depth=2,
            num_heads=2,
            num_keypoints=JOINTS,
            seq_len=FRAMES,
            hourglass=hourglass,
        ),
        head=dict(
            type='PoseSequenceHead', in_channels=8, num_keypoints=JOINTS, decoder=CODEC
        ),
        test_cfg=dict(flip_test=True, output=output),
    )
    torch.manual_seed(0)
    model = MODELS.build(config).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.5)
    return model


def samples(count):
    """Each frame has a root of its own, so that a wrong row shows."""
    made = []
    for index in range(count):
        roots = 10.0 * index + np.arange(FRAMES, dtype=np.float32)
        meta = dict(
            flip_indices=[0, 2, 1, 3], target_root=np.repeat(roots[:, None], 3, axis=1)
        )
        made.append(PoseDataSample(metainfo=meta))
    return made


@pytest.mark.parametrize('hourglass', [None, TPC, HOT], ids=['base', 'tpc', 'hot'])
def test_the_same_as_one_of_all(hourglass):
    keypoints = torch.randn(2, FRAMES, JOINTS, 2) / 3
    with torch.no_grad():
        every, alone = (
            lifter(hourglass, output).predict(keypoints, samples(2))
            for output in ('all', 'centre')
        )
    for one, other in zip(every, alone):
        row = one.pred_instances[one.pred_instances.frames == 4]
        found = other.pred_instances
        assert found.frames.tolist() == [4]
        np.testing.assert_allclose(found.keypoints, row.keypoints, atol=1e-5)
        assert ('frame_kept' in found) == (hourglass is not None)
        if hourglass is not None:
            assert torch.equal(found.frame_kept, row.frame_kept)


@pytest.mark.parametrize(
    ('hourglass', 'frames'),
    [(None, 1), (TPC, 1), (HOT, FRAMES), (dict(TPC, keep_centre=False), 5)],
    ids=['base', 'tpc', 'hot', 'tpc-without'],
)
def test_what_reaches_the_head(hourglass, frames):
    model, seen = lifter(hourglass, 'centre'), []
    model.head.pre_logits.register_forward_hook(
        lambda module, given, out: seen.append(out.shape[1])
    )
    if hourglass is not None:
        # The frames at even distances, of which the centre is one.
        model.backbone.hourglass.scores = uniform_scores
    keypoints = torch.randn(1, FRAMES, JOINTS, 2) / 3
    (sample,) = model.predict(keypoints, samples(1))
    assert sample.pred_instances.keypoints.shape == (1, JOINTS, 3)
    # The sequence, and its mirror image.
    assert seen == [frames, frames]
