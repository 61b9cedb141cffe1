import numpy as np
import pytest
import torch
from mmpose.models.heads import MotionRegressionHead
from small_lifter import CODEC, DIM, FLIP, FRAMES, JOINTS, samples

from ppt_mmpose.models import PoseSequenceHead
from ppt_mmpose.models.heads.pose_sequence_head import mirror_joints


def head_of(token='joint', **kwargs):
    torch.manual_seed(0)
    head = PoseSequenceHead(DIM, JOINTS, token=token, decoder=CODEC, **kwargs)
    return head.eval()


def tokens_of(joints=JOINTS):
    return torch.randn(2, FRAMES, joints, DIM)


def test_a_token_of_a_joint():
    head, tokens = head_of(), tokens_of()
    normed = torch.nn.functional.layer_norm(tokens, (DIM,))
    expected = normed @ head.fc.weight.T + head.fc.bias
    assert torch.allclose(head(tokens), expected, atol=1e-6)
    assert expected.shape == (2, FRAMES, JOINTS, 3)


def test_a_token_of_a_frame():
    head, tokens = head_of('frame'), tokens_of(1)
    norm = head.pre_logits
    torch.nn.init.uniform_(norm.running_mean)
    torch.nn.init.uniform_(norm.running_var, 0.5, 1.5)
    normed = (tokens[:, :, 0] - norm.running_mean) / (norm.running_var + 1e-5).sqrt()
    expected = (normed @ head.fc.weight.T + head.fc.bias).view(2, FRAMES, JOINTS, 3)
    assert torch.allclose(head(tokens), expected, atol=1e-5)


def test_statistics_are_those_of_all_frames():
    head, tokens = head_of('frame', init_cfg=None), tokens_of(1)
    head.train()(tokens)
    mean = tokens.flatten(0, 2).mean(0)
    assert torch.allclose(head.pre_logits.running_mean, 0.1 * mean, atol=1e-6)


def test_poses_have_their_root_where_it_is_known():
    head, tokens, known = head_of(), tokens_of(), samples()
    for sample, prediction in zip(known, head.predict(tokens, known, dict())):
        root = sample.metainfo['target_root']
        assert prediction.keypoints.shape == (1, FRAMES, JOINTS, 3)
        assert prediction.keypoint_scores.shape == (1, FRAMES, JOINTS)
        np.testing.assert_allclose(prediction.keypoints[0, :, 0], root, atol=1e-6)
    joints = head(tokens).detach().numpy()[0]
    free = head_of(root_index=None).predict(tokens, samples(root=False), dict())
    np.testing.assert_allclose(free[0].keypoints[0], joints, atol=1e-6)
    unknown = head.predict(tokens, samples(root=False), dict())[0].keypoints[0]
    assert not unknown[:, 0].any()
    np.testing.assert_allclose(unknown[:, 1:], joints[:, 1:], atol=1e-6)


def test_another_joint_is_the_root():
    tokens, known = tokens_of(), samples(root=False)
    head = head_of(root_index=2)
    joints = head(tokens).detach().numpy()[0]
    found = head.predict(tokens, known, dict())[0].keypoints[0]
    assert not found[:, 2].any()
    others = [0, 1, 3]
    np.testing.assert_allclose(found[:, others], joints[:, others], atol=1e-6)
    assert np.abs(found[:, 0]).max() > 0.1


@pytest.mark.parametrize(
    ('token', 'shape', 'expected'),
    [
        ('joint', (2, FRAMES, JOINTS + 1, DIM), rf'{JOINTS}, {DIM}\)'),
        ('joint', (2, FRAMES, JOINTS, DIM + 1), rf'{JOINTS}, {DIM}\)'),
        ('joint', (FRAMES, JOINTS, DIM), rf'{JOINTS}, {DIM}\)'),
        ('frame', (2, FRAMES, JOINTS, DIM), rf'1, {DIM}\)'),
    ],
)
def test_tokens_of_another_shape(token, shape, expected):
    head, tokens = head_of(token), torch.randn(shape)
    message = rf'feats: expected tokens \(batch, frames, {expected}.* token={token!r}'
    with pytest.raises(ValueError, match=message):
        head(tokens)
    with pytest.raises(ValueError, match=message):
        head.predict(tokens, samples(), dict())


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        *(
            (dict(root_index=wrong), 'root_index: .* 0 or more and at most 3, got')
            for wrong in (4, -1, 1.0, 'a', True)
        ),
        (dict(num_keypoints=0), 'num_keypoints: expected a whole number, 1 or more'),
        (dict(in_channels=8.0), 'in_channels: expected a whole number, 1 or more'),
    ],
)
def test_numbers_that_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        PoseSequenceHead(**{**dict(in_channels=DIM, num_keypoints=JOINTS), **wrong})


def test_flip_test_is_the_mean_of_a_pose_and_its_mirror_image():
    head, known = head_of(root_index=None), samples(root=False)
    first, second = tokens_of(), tokens_of()
    expected = (head(first) + mirror_joints(head(second), FLIP)) / 2
    predictions = head.predict([first, second], known, dict(flip_test=True))
    given = np.concatenate([one.keypoints for one in predictions])
    np.testing.assert_allclose(given, expected.detach().numpy(), atol=1e-6)


def test_mirror_images_by_hand():
    joints = torch.tensor([[0.0, 1, 2], [1.0, 2, 3], [-4.0, 5, 6], [7.0, 8, 9]])
    mirrored = mirror_joints(joints, FLIP)
    expected = torch.tensor([[0.0, 1, 2], [4, 5, 6], [-1, 2, 3], [-7, 8, 9]])
    assert torch.equal(mirrored, expected)
    assert joints[1, 0] == 1


def test_losses_are_mmposes():
    head, tokens, known = head_of(), tokens_of(), samples()
    losses = head.loss(tokens, known)
    assert type(head).loss is MotionRegressionHead.loss
    targets = torch.stack([s.gt_instance_labels.lifting_target_label for s in known])
    expected = (head(tokens) - targets).norm(dim=-1).mean()
    assert losses['loss_pose3d'].item() == pytest.approx(expected.item(), rel=1e-5)


def test_float32_under_autocast():
    with torch.autocast('cpu', torch.bfloat16):
        assert head_of()(tokens_of()).dtype == torch.float32


def test_other_words_are_refused():
    with pytest.raises(ValueError, match="token: expected one of .* got 'sequence'"):
        head_of('sequence')
