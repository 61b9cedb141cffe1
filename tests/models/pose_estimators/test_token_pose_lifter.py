import numpy as np
import pytest
import torch
from mmpose.registry import MODELS
from small_lifter import (
    FLIP,
    FRAMES,
    HOT,
    JOINTS,
    TPC,
    lifter_config,
    samples,
    sequences,
    small_lifter,
)

from ppt_mmpose.models.heads.pose_sequence_head import mirror_joints


def predict(model, inputs=None, known=None):
    inputs = sequences() if inputs is None else inputs
    with torch.no_grad():
        return model(inputs, known or samples(len(inputs)), mode='predict')


def joints_of(model, inputs, **kwargs):
    with torch.no_grad():
        return model.head(model.backbone.encode(inputs, **kwargs).tokens)


def as_poses(joints, known, frames):
    """Predictions as they come out: the root in its place."""
    joints = joints.clone()
    joints[:, :, 0] = 0
    roots = np.stack([sample.metainfo['target_root'] for sample in known])
    return joints.numpy() + roots[np.arange(len(known))[:, None], frames][:, :, None]


@pytest.mark.parametrize('hourglass', [None, HOT, TPC])
def test_predictions_tell_their_frames(hourglass):
    model, inputs, known = small_lifter(hourglass), sequences(), samples()
    out = model.backbone.encode(inputs)
    results = predict(model, inputs, known)
    expected = as_poses(joints_of(model, inputs), known, out.source)
    for index, sample in enumerate(results):
        instances = sample.pred_instances
        np.testing.assert_allclose(instances.keypoints, expected[index], atol=1e-6)
        assert torch.equal(instances.frames, out.source[index])
        if hourglass is None:
            assert 'frame_kept' not in instances
        else:
            kept = out.prunings[0].source[index].tolist()
            told = instances.frames[instances.frame_kept].tolist()
            assert told == kept
    assert results[0] is known[0]


def test_losses_are_those_of_the_kept_frames():
    model, inputs, known = small_lifter(TPC), sequences(), samples()
    losses = model(inputs, known, mode='loss')
    out = model.backbone.encode(inputs)
    targets = [
        sample.gt_instance_labels.lifting_target_label[source]
        for sample, source in zip(known, out.source)
    ]
    expected = (model.head(out.tokens) - torch.stack(targets)).norm(dim=-1).mean()
    assert losses['loss_pose3d'].item() == pytest.approx(expected.item(), rel=1e-5)
    # Samples stay as they were.
    assert known[0].gt_instance_labels.lifting_target_label.shape[0] == FRAMES
    assert len(known[0].metainfo['target_root']) == FRAMES


def test_losses_of_a_whole_sequence():
    model, inputs, known = small_lifter(HOT), sequences(), samples()
    known[0].gt_instance_labels.lifting_target_weight[2] = 0
    loss = model(inputs, known, mode='loss')['loss_pose3d']
    targets = [sample.gt_instance_labels.lifting_target_label for sample in known]
    errors = (joints_of(model, inputs) - torch.stack(targets)).norm(dim=-1)
    errors[0, 2] = 0
    assert loss.item() == pytest.approx(errors.mean().item(), rel=1e-5)
    loss.backward()
    assert all(p.grad is not None for p in model.parameters())


def test_the_centre_alone():
    whole, centre = (small_lifter(TPC, dict(output=o)) for o in ('all', 'centre'))
    for every, one in zip(predict(whole), predict(centre)):
        instances = one.pred_instances
        assert instances.frames.tolist() == [FRAMES // 2]
        place = every.pred_instances.frames.tolist().index(FRAMES // 2)
        expected = every.pred_instances.keypoints[place]
        np.testing.assert_allclose(instances.keypoints, expected[None], atol=1e-6)


def test_the_centre_has_to_be_there():
    hourglass = dict(TPC, keep_centre=False, selection='motion')
    model = small_lifter(hourglass, dict(output='centre'))
    inputs = sequences()
    inputs[:, 2:] = 0
    with pytest.raises(ValueError, match='expected a prediction of frame 4'):
        predict(model, inputs)


@pytest.mark.parametrize('per_pass', [None, True, False])
def test_flip_test_of_hot_chooses_again(per_pass):
    test_cfg = dict(flip_test=True)
    if per_pass is not None:
        test_cfg['select_per_pass'] = per_pass
    model, inputs, known = small_lifter(HOT, test_cfg), sequences(), samples()
    before = inputs.clone()
    results = predict(model, inputs, known)
    assert torch.equal(inputs, before)
    mirrored = mirror_joints(inputs, FLIP)
    chosen = [model.backbone.encode(inputs).prunings[0].source]
    again = joints_of(model, mirrored, chosen=chosen if per_pass is False else None)
    joints = (joints_of(model, inputs) + mirror_joints(again, FLIP)) / 2
    expected = as_poses(joints, known, torch.arange(FRAMES).expand(2, -1))
    given = np.stack([sample.pred_instances.keypoints for sample in results])
    np.testing.assert_allclose(given, expected, atol=1e-6)


def test_the_two_ways_of_flip_test_differ():
    chosen = [
        predict(small_lifter(HOT, dict(flip_test=True, select_per_pass=every)))
        for every in (True, False)
    ]
    first, second = (one[0].pred_instances.keypoints for one in chosen)
    assert np.abs(first - second).max() > 1e-4


def test_flip_test_of_tpc_keeps_the_frames():
    model, inputs, known = (
        small_lifter(TPC, dict(flip_test=True)),
        sequences(),
        samples(),
    )
    chosen = [model.backbone.encode(inputs).prunings[0].source]
    again = joints_of(model, mirror_joints(inputs, FLIP), chosen=chosen)
    joints = (joints_of(model, inputs) + mirror_joints(again, FLIP)) / 2
    expected = as_poses(joints, known, chosen[0])
    results = predict(model, inputs, known)
    given = np.stack([sample.pred_instances.keypoints for sample in results])
    np.testing.assert_allclose(given, expected, atol=1e-6)


def test_twice_the_same():
    model = small_lifter(HOT)
    first, second = (predict(model)[0].pred_instances.keypoints for _ in range(2))
    assert np.array_equal(first, second)


def test_short_sequences_go_through():
    for frames in (1, 3, 4):
        model = small_lifter(HOT, dict(flip_test=True))
        (sample,) = predict(model, sequences(1, frames), samples(1, frames))
        assert sample.pred_instances.keypoints.shape == (frames, JOINTS, 3)


def test_pixels_are_refused():
    inputs = sequences() * 0.5
    inputs[1, 3, 2, 0] = 640
    known = samples()
    known[1].set_metainfo(dict(target_img_path=[f'{i}.jpg' for i in range(FRAMES)]))
    message = r'normalised coordinates .* got 640 in sample 1, frame 3, joint 2 \(3.jpg'
    for mode in ('predict', 'loss', 'tensor'):
        with pytest.raises(ValueError, match=message):
            small_lifter()(inputs, known, mode=mode)


def test_values_that_are_no_numbers_are_refused():
    inputs = sequences()
    inputs[0, 5, 1, 1] = torch.nan
    with pytest.raises(ValueError, match='got nan in sample 0, frame 5, joint 1'):
        predict(small_lifter(), inputs)


def test_other_joints_are_refused():
    metainfo = dict(
        dataset_name='four',
        keypoint_info={
            i: dict(name=n, id=i, color=[0, 0, 0], type='', swap=s)
            for i, (n, s) in enumerate(
                [('root', ''), ('left', 'right'), ('right', 'left'), ('head', '')]
            )
        },
        skeleton_info={},
        joint_weights=[1.0] * 4,
        sigmas=[],
    )
    model, known = small_lifter(metainfo=metainfo), samples()
    predict(model)
    known[0].set_metainfo(dict(flip_indices=[0, 1, 3, 2]))
    with pytest.raises(ValueError, match=r'those of four, .*\[0, 2, 1, 3\].*\[0, 1, 3'):
        predict(model, known=known)


def test_weights_that_do_not_fit_are_refused():
    state = small_lifter(HOT).state_dict()
    with pytest.raises(RuntimeError, match='do not fit TokenPoseLifter'):
        small_lifter().load_state_dict(state, strict=False)
    small_lifter(partial_init=True).load_state_dict(state, strict=False)


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(traj_head=dict()), 'traj_head: expected None'),
        (dict(test_cfg=dict(output='last')), "test_cfg.output: .* got 'last'"),
        (
            dict(hourglass=TPC, test_cfg=dict(select_per_pass=True)),
            'test_cfg.select_per_pass: expected False',
        ),
    ],
)
def test_settings_that_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        MODELS.build(lifter_config(**wrong))


def test_other_backbones_are_refused():
    config = lifter_config()
    config['backbone'] = dict(type='DSTFormer', in_channels=3, depth=1)
    with pytest.raises(ValueError, match='backbone: expected MixSTE.*got DSTFormer'):
        MODELS.build(config)


def test_other_numbers_of_frames():
    model = small_lifter(TPC)
    model.set_kept_frames((2,))
    assert predict(model)[0].pred_instances.frames.shape == (2,)
