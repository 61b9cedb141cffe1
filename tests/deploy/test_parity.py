"""What differs is named; what rounding alone decides is left out."""

import numpy as np
import pytest
import torch
from small_export import build, images

from ppt_mmpose.deploy.check_images import CheckImages
from ppt_mmpose.deploy.parity import ParityError, check_parity

NAMES = ['one.jpg', 'two.jpg', 'three.jpg']


@pytest.fixture(scope='module')
def compared():
    return build(), CheckImages(NAMES, images(3))


def outputs(model, inputs):
    with torch.inference_mode():
        out = model.neck.encode(model.backbone(inputs)[-1])
        heatmaps = model.head(model.neck.keypoint_features(out)).numpy()
    kept = {f'kept_{each.block}': each.source.numpy() for each in out.prunings}
    return dict(heatmaps=heatmaps, **kept)


def decoded(model, heatmaps):
    keypoints, scores = zip(*map(model.head.decoder.decode, heatmaps))
    return dict(keypoints=np.concatenate(keypoints), scores=np.concatenate(scores))


def test_what_is_the_same(compared):
    model, inputs = compared
    found = outputs(model, inputs.inputs)
    for each in (found, found | decoded(model, found['heatmaps'])):
        parity = check_parity(*compared, each)
        assert (parity.images, parity.kept_sets, parity.heatmaps) == (3, 6, 0)
        assert parity.keypoints == 0
        assert parity.compared + parity.undetermined == 3 * 17


def test_another_order_is_the_same_set(compared):
    found = outputs(compared[0], compared[1].inputs)
    found['kept_1'] = found['kept_1'][:, ::-1]
    assert check_parity(*compared, found).kept_sets == 6


def test_another_patch_is_named(compared):
    found = outputs(compared[0], compared[1].inputs)
    gone = set(range(64)) - set(found['kept_1'][1].tolist())
    found['kept_1'][1, -1] = gone.pop()
    message = r'two.jpg: in block 1 .* \(1 of 32\); the score of the last'
    with pytest.raises(ParityError, match=message):
        check_parity(*compared, found)
    found['kept_1'] = found['kept_1'][:, 1:]
    with pytest.raises(ParityError, match='block 1: PyTorch keeps 32 .* graph 31'):
        check_parity(*compared, found)


@pytest.mark.parametrize('value', [1e-3, np.nan])
def test_another_heatmap_is_named(compared, value):
    found = outputs(compared[0], compared[1].inputs)
    found['heatmaps'] = found['heatmaps'].copy()
    found['heatmaps'][2, 4, 3, 3] += value
    with pytest.raises(ParityError, match='three.jpg: heatmaps differ by'):
        check_parity(*compared, found)


def test_another_keypoint_or_score_is_named(compared):
    model, inputs = compared
    found = outputs(model, inputs.inputs)
    keypoints = decoded(model, found['heatmaps'])
    keypoints['keypoints'][0, 5, 1] += 0.02
    with pytest.raises(ParityError, match=r'one.jpg: keypoint 5 is 0.02 px from'):
        check_parity(*compared, found | keypoints)
    keypoints = decoded(model, found['heatmaps'])
    keypoints['scores'][1, 2] += 1e-3
    with pytest.raises(ParityError, match='two.jpg: scores differ by 0.001'):
        check_parity(*compared, found | keypoints)


def test_keypoints_that_rounding_decides_are_left_out(compared):
    model, _ = compared
    heatmaps = outputs(model, images(1))['heatmaps']
    # Two peaks as high as each other: which one is the maximum, rounding decides.
    heatmaps[0, 3] = 0
    heatmaps[0, 3, 8, 5] = heatmaps[0, 3, 20, 15] = 1

    class Fixed(torch.nn.Module):
        def forward(self, features):
            return torch.from_numpy(heatmaps)

    head, fixed = model.head, Fixed()
    fixed.decode = head.decode
    try:
        model.head = fixed
        found = outputs(model, images(1))
        keypoints = decoded_by(head, heatmaps)
        keypoints['keypoints'][0, 3] += 40
        parity = check_parity(model, CheckImages(['it'], images(1)), found | keypoints)
        assert parity.undetermined >= 1
        keypoints['keypoints'][0, 4] += 40
        with pytest.raises(ParityError, match='keypoint 4'):
            check_parity(model, CheckImages(['it'], images(1)), found | keypoints)
    finally:
        model.head = head


def decoded_by(head, heatmaps):
    keypoints, scores = zip(*map(head.decoder.decode, heatmaps))
    return dict(keypoints=np.concatenate(keypoints), scores=np.concatenate(scores))
