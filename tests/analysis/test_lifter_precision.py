"""Lifters compiled and in lower precision, and what does not take them."""

from functools import partial

import pytest
import torch
from mmpose.structures import PoseDataSample

from ppt_mmpose.analysis.lifter_subject import load_lifter
from ppt_mmpose.deploy import optimize_for_inference

SMALL = {
    'model.backbone.feat_size': 16,
    'model.backbone.seq_len': 27,
    'model.backbone.hourglass.prune_blocks': (1,),
    'model.backbone.hourglass.kept_frames': (9,),
}
NAMES = ['hot_mixste', 'tpc_mixste', 'hot_motionbert', 'tpc_mhformer']


@pytest.fixture(params=NAMES)
def lifter(request):
    name = request.param
    depth = {} if 'mhformer' in name else {'model.backbone.depth': 2}
    channels = {'model.head.in_channels': 48 if 'mhformer' in name else 16}
    subject = load_lifter(f'{name}_h36m', cfg_options=SMALL | depth | channels)
    for weight in subject.model.parameters():
        torch.nn.init.normal_(weight, std=0.15)
    return subject


def test_bfloat16_predicts_nearly_what_float32_does(lifter):
    model = lifter.model
    keypoints = lifter.keypoints(2)
    with torch.no_grad():
        chosen = [p.source for p in model.backbone.encode(keypoints).prunings]
        # The same frames, whose choice rounding may change.
        encode = partial(model.backbone.encode, chosen=chosen)
        model.backbone.encode = encode
        expected = model.predict(keypoints, samples())
        with torch.autocast('cpu', torch.bfloat16):
            tokens = encode(keypoints).tokens
            found = model.predict(keypoints, samples())
    for one, other in zip(expected, found):
        places = one.pred_instances.keypoints
        difference = abs(places - other.pred_instances.keypoints)
        assert 0 < difference.max() < 0.1 * abs(places).max()
    assert torch.isfinite(tokens).all()


def samples():
    meta = dict(flip_indices=list(range(17)))
    return [PoseDataSample(metainfo=meta) for _ in range(2)]


def test_not_made_ready(lifter):
    message = (
        'TopdownPoseEstimator of MMPose, got TokenPoseLifter; lifters have nothing'
    )
    with pytest.raises(ValueError, match=message):
        optimize_for_inference(lifter.model)
