import numpy as np
import pytest
import torch
from mmengine.runner import load_checkpoint
from mmengine.structures import InstanceData, PixelData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

from ppt_mmpose.models.strict_loading import MisfitError


def model_of(keypoints=17, **options):
    codec = dict(type='UDPHeatmap', input_size=(48, 64), heatmap_size=(12, 16), sigma=2)
    cfg = dict(
        type='TopdownTokenPose',
        backbone=dict(type='ConvStem'),
        neck=dict(
            type='TokenPoseNeck',
            in_channels=256,
            feature_size=(16, 12),
            patch_size=(4, 3),
            num_keypoints=keypoints,
            dim=8,
            num_heads=2,
            stages=(3,),
            prune_blocks=(1,),
            keep_ratio=0.5,
        ),
        head=dict(
            type='TokenPoseHead',
            in_channels=8,
            out_channels=keypoints,
            heatmap_size=(12, 16),
            decoder=codec,
        ),
        test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=False),
    )
    return MODELS.build(cfg | options)


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / 'weights.pth'
    torch.save(dict(state_dict=model_of().state_dict(), meta={}), path)
    return str(path)


def sample_of(keypoints=17):
    sample = PoseDataSample(
        metainfo=dict(
            flip_indices=list(range(keypoints)),
            input_center=np.array([24.0, 32.0]),
            input_scale=np.array([48.0, 64.0]),
            input_size=(48, 64),
        )
    )
    sample.gt_instances = InstanceData(bboxes=np.zeros((1, 4)), bbox_scores=np.ones(1))
    sample.gt_instance_labels = InstanceData(keypoint_weights=torch.ones(1, keypoints))
    sample.gt_fields = PixelData(heatmaps=torch.rand(keypoints, 16, 12))
    return sample


def test_predicts_with_flip_test():
    model = model_of()
    model.eval()
    with torch.no_grad():
        (result,) = model(torch.randn(1, 3, 64, 48), [sample_of()], mode='predict')
    assert result.pred_instances.keypoints.shape == (1, 17, 2)


def test_trains_in_low_precision():
    model = model_of()
    model.init_weights()
    images, samples = torch.randn(2, 3, 64, 48), [sample_of(), sample_of()]
    whole = model.loss(images, samples)['loss_kpt']
    with torch.autocast('cpu', torch.bfloat16):
        losses = model.loss(images, samples)
    low = losses['loss_kpt']
    assert low.dtype == torch.float32
    assert low != whole
    assert low.item() == pytest.approx(whole.item(), rel=0.02)
    low.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
    assert losses['acc_pose'].isfinite()


def test_own_weights_load(weights):
    load_checkpoint(model_of(), weights, strict=False)


def test_another_model_is_refused_with_both_sides(weights):
    with pytest.raises(MisfitError) as error:
        load_checkpoint(model_of(keypoints=14), weights, strict=False)
    assert 'neck.keypoint_tokens: model (1, 14, 8), file (1, 17, 8)' in str(error.value)


def test_missing_and_unexpected_keys_are_refused(weights):
    content = torch.load(weights)
    content['state_dict']['neck.extra'] = content['state_dict'].pop(
        'neck.keypoint_tokens'
    )
    torch.save(content, weights)
    with pytest.raises(MisfitError) as error:
        load_checkpoint(model_of(), weights, strict=False)
    assert '1 in the model, not in the file: neck.keypoint_tokens' in str(error.value)
    assert '1 in the file, not in the model: neck.extra' in str(error.value)


def test_torch_loading_is_refused_too():
    with pytest.raises(MisfitError):
        model_of(keypoints=14).load_state_dict(model_of().state_dict(), strict=False)


def test_a_part_of_another_model_is_checked_below_its_own_prefix():
    class Pair(torch.nn.Module):
        def __init__(self, keypoints):
            super().__init__()
            self.student = model_of(keypoints)
            self.other = torch.nn.Linear(1, 1)

    Pair(17).load_state_dict(Pair(17).state_dict())
    with pytest.raises(MisfitError, match=r'student\.neck'):
        Pair(14).load_state_dict(Pair(17).state_dict(), strict=False)


def test_partial_initialisation_can_be_asked_for(weights):
    model = model_of(keypoints=14, partial_init=True)
    load_checkpoint(model, weights, strict=False)
    given = torch.load(weights)['state_dict']['backbone.conv1.weight']
    assert torch.equal(model.backbone.conv1.weight, given)


GUIDE = dict(type='AttentionGuide', blocks=(0, 2), loss_weight=0.5)


def test_a_guide_adds_its_loss_and_changes_no_other():
    torch.manual_seed(0)
    plain = model_of()
    guided = model_of(attention_guide=GUIDE)
    guided.load_state_dict(plain.state_dict())
    images, samples = torch.randn(2, 3, 64, 48), [sample_of(), sample_of()]
    torch.manual_seed(0)
    expected = plain.loss(images, samples)
    torch.manual_seed(0)
    losses = guided.loss(images, samples)
    assert losses.keys() - expected.keys() == {'loss_attention'}
    assert losses['loss_kpt'].item() == pytest.approx(expected['loss_kpt'].item())
    losses['loss_attention'].backward()
    gradient = guided.neck.encoder.blocks[0].attention.qkv.weight.grad
    dim = gradient.shape[1]
    # Queries and keys learn where to look; the values of the last block do not matter.
    assert gradient[: 2 * dim].abs().sum() > 0
    last = guided.neck.encoder.blocks[2].attention.qkv.weight.grad
    assert last[2 * dim :].abs().sum() == 0


def test_a_guide_makes_the_tokens_look_at_their_joints():
    torch.manual_seed(0)
    model = model_of(attention_guide=GUIDE)
    model.neck.set_keep_ratio(1.0)
    images, samples = torch.randn(2, 3, 64, 48), [sample_of(), sample_of()]
    for sample in samples:
        sample.gt_fields.heatmaps.zero_()
        sample.gt_fields.heatmaps[:, 5, 7] = 1  # in row 1, column 2 of the patches
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(40):
        loss = model.loss(images, samples)['loss_attention']
        optimizer.zero_grad(), loss.backward(), optimizer.step()
    out = model.neck.encode(model.backbone(images)[-1], attention_blocks=(2,))
    assert (out.attention[0].attention[..., 17:].argmax(-1) == 1 * 4 + 2).all()


def test_the_keep_ratio_of_a_model_can_be_set():
    model = model_of().eval()
    model.init_weights()
    images = torch.randn(1, 3, 64, 48)
    configured = model(images, None, mode='tensor')
    model.set_keep_ratio(1)
    assert model.keep_ratio == 1.0
    assert not torch.equal(model(images, None, mode='tensor'), configured)
    model.set_keep_ratio(0.5)
    assert torch.equal(model(images, None, mode='tensor'), configured)
    with pytest.raises(ValueError, match=r'keep_ratio: expected a number in \(0, 1\]'):
        model.set_keep_ratio(0)
