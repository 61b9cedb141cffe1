import pytest
import torch
from mmengine.structures import InstanceData, PixelData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample


def head_of(in_channels=8, **options):
    cfg = dict(
        type='TokenPoseHead',
        in_channels=in_channels,
        out_channels=3,
        heatmap_size=(12, 16),
        decoder=dict(
            type='UDPHeatmap', input_size=(48, 64), heatmap_size=(12, 16), sigma=2
        ),
    )
    return MODELS.build(cfg | options)


def sample_of(keypoints=3):
    sample = PoseDataSample(metainfo=dict(img_path='a.jpg'))
    sample.gt_fields = PixelData(heatmaps=torch.zeros(keypoints, 16, 12))
    sample.gt_instance_labels = InstanceData(keypoint_weights=torch.ones(1, keypoints))
    return sample


def test_heatmaps_are_rows_by_columns():
    assert head_of()((torch.randn(2, 3, 8),)).shape == (2, 3, 16, 12)


@pytest.mark.parametrize(
    ('size', 'channels', 'widths'),
    [
        ((48, 64), 192, [192, 384, 3072]),
        ((64, 64), 192, [192, 512, 4096]),
        ((48, 64), 576, [576, 3072]),
        ((72, 96), 576, [576, 6912]),
    ],
)
def test_released_layers(size, channels, widths):
    head = head_of(channels, heatmap_size=size)
    linear = [m for m in head.projection if isinstance(m, torch.nn.Linear)]
    assert [linear[0].in_features, *(m.out_features for m in linear)] == widths


def test_released_loss():
    # Half the squared error, the mean over pixels and all keypoints.
    loss = dict(type='KeypointMSELoss', use_target_weight=True, loss_weight=0.5)
    head = head_of(loss=loss)
    sample = sample_of()
    sample.gt_instance_labels.keypoint_weights[0, 2] = 0
    feats = (torch.randn(1, 3, 8),)
    squares = head(feats)[0].square().mean((1, 2))
    expected = 0.5 * squares[:2].sum() / 3
    assert torch.isclose(head.loss(feats, [sample])['loss_kpt'], expected)


def test_initialised_as_released():
    head = head_of(192, heatmap_size=(48, 64))
    head.init_weights()
    for layer in head.projection[1::2]:
        assert 0.019 < layer.weight.std() < 0.021
        assert (layer.bias == 0).all()


def test_another_neck_is_named():
    with pytest.raises(ValueError, match=r'= \(3, 8\), the neck gives .* \(5, 8\)'):
        head_of()((torch.randn(1, 5, 8),))


def test_another_number_of_keypoints_is_named():
    with pytest.raises(ValueError, match=r'= \(3, 16, 12\), but .* a.jpg are \(5,'):
        head_of().loss((torch.randn(1, 3, 8),), [sample_of(5)])


def test_loss_and_accuracy_are_mmposes():
    head = head_of()
    feats = (torch.randn(4, 3, 8),)
    samples = [sample_of() for _ in range(4)]
    heatmaps = head(feats).detach()
    for index, sample in enumerate(samples):
        sample.gt_fields.heatmaps = heatmaps[index].clamp(min=0)
        sample.gt_instance_labels.keypoint_weights[0, index % 3] = 0
    samples[1].gt_fields.heatmaps = samples[1].gt_fields.heatmaps.flip(1)
    ours, theirs = (
        loss(feats, samples) for loss in (head.loss, super(type(head), head).loss)
    )
    assert ours.keys() == theirs.keys() == {'loss_kpt', 'acc_pose'}
    for name, value in theirs.items():
        assert ours[name].item() == pytest.approx(value.item(), abs=1e-12), name
    assert 0 < ours['acc_pose'] < 1
    assert head.loss(feats, samples, dict(compute_acc=False)).keys() == {'loss_kpt'}
