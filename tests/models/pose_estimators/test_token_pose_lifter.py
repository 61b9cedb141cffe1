import numpy as np
import pytest
import torch
from mmpose.registry import MODELS
from small_lifter import (
    DIM,
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


FOUR = dict(
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


def with_indices(*indices):
    known = samples(len(indices))
    for sample, one in zip(known, indices):
        sample.set_metainfo(dict(flip_indices=one))
    return known


@pytest.mark.parametrize('place', [0, 1])
def test_other_joints_are_refused(place):
    model, known = small_lifter(metainfo=FOUR), samples()
    predict(model)
    known[place].set_metainfo(dict(flip_indices=[0, 1, 3, 2]))
    with pytest.raises(ValueError, match=r'those of four, .*\[0, 2, 1, 3\].*\[0, 1, 3'):
        predict(model, known=known)


def test_without_metainfo_the_number_of_joints_has_to_be_right():
    model = small_lifter(test_cfg=dict(flip_test=True))
    message = r'expected the 4 of the model, got .*\[0, 2, 1, 4, 3\], of 5'
    for mode in ('predict', 'loss'):
        with pytest.raises(ValueError, match=message):
            model(sequences(), with_indices(FLIP, [0, 2, 1, 4, 3]), mode=mode)
    with pytest.raises(ValueError, match=r'the same in all .* \[0, 2, 1, 3\] and'):
        predict(model, known=with_indices(FLIP, [0, 1, 3, 2]))


def test_metainfo_of_another_number_of_joints():
    five = dict(FOUR, keypoint_info={**FOUR['keypoint_info']})
    five['keypoint_info'][4] = dict(name='toe', id=4, color=[0] * 3, type='', swap='')
    five['joint_weights'] = [1.0] * 5
    with pytest.raises(ValueError, match='metainfo: expected the 4 joints .* got 5, '):
        small_lifter(metainfo=five)


def test_samples_get_no_more_of_the_metainfo_than_is_read():
    model, known = small_lifter(test_cfg=dict(flip_test=True), metainfo=FOUR), samples()
    expected = predict(model)[1].pred_instances.keypoints
    before = set(known[1].metainfo_keys())
    for sample in known:
        sample.pop('flip_indices')
    predict(model, known=known)
    assert set(known[1].metainfo_keys()) == before
    np.testing.assert_array_equal(known[1].pred_instances.keypoints, expected)


def test_metainfo_adds_no_weights():
    state = small_lifter(HOT).state_dict()
    assert small_lifter(HOT, metainfo=FOUR).load_state_dict(state).missing_keys == []


def scored(scores):
    """A model that takes scores, and sequences with these everywhere but in one."""
    config = lifter_config()
    config['backbone']['in_channels'] = 3
    inputs = torch.cat((sequences(), torch.ones(2, FRAMES, JOINTS, 1)), dim=-1)
    inputs[1, 3, 2, 2] = scores
    return MODELS.build(config).eval(), inputs


@pytest.mark.parametrize(
    ('score', 'message'),
    [
        (torch.nan, 'expected numbers, got nan in sample 1, frame 3, joint 2'),
        (torch.inf, 'expected a score, .* got inf in sample 1, frame 3, joint 2'),
        (700, 'expected a score, 0 to 1 or so, in channel 2, got 700 in sample 1'),
        (-11, 'expected a score, 0 to 1 or so, in channel 2, got 11 in sample 1'),
    ],
)
def test_what_is_no_score_is_refused(score, message):
    model, inputs = scored(score)
    for mode in ('predict', 'loss', 'tensor'):
        with pytest.raises(ValueError, match=message):
            model(inputs, samples(), mode=mode)


def test_scores_of_heatmaps_are_taken():
    predict(*scored(1.05))


@pytest.mark.parametrize(
    ('inputs', 'message'),
    [
        (
            [*sequences(1, 9), *sequences(1, 5)],
            r'inputs: expected sequences of one shape, .* got \(5, 4, 2\), \(9, 4, 2\)',
        ),
        ([], r'inputs: expected one sequence or more, .* got none'),
        (sequences()[:0], r'inputs: expected one sequence or more, .* got none'),
        (sequences()[0], r'\(batch, frames, joints, channels\), got \(9, 4, 2\)'),
        (sequences().long(), r'floating-point numbers, got torch.int64'),
    ],
)
def test_inputs_that_are_no_batch(inputs, message):
    for mode in ('predict', 'loss', 'tensor'):
        with pytest.raises(ValueError, match=message):
            small_lifter()(inputs, samples(), mode=mode)


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
        (
            dict(test_cfg=dict(select_per_pass=False)),
            'test_cfg.select_per_pass: expected none for a model that never prunes',
        ),
        (
            dict(hourglass=HOT, test_cfg=dict(select_per_pass=1)),
            'test_cfg.select_per_pass: expected True or False, got 1',
        ),
        (dict(test_cfg=dict(flip_test='no')), "test_cfg.flip_test: .* got 'no'"),
        (dict(test_cfg=dict(ouput='all')), "test_cfg: expected one of .* got 'ouput'"),
        # Of MMPose's head.
        (dict(test_cfg=dict(shift_coords=True)), "test_cfg: .* got 'shift_coords'"),
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


def test_a_head_of_other_joints_is_refused():
    config = lifter_config()
    config['head']['num_keypoints'] = 3
    message = r'feats: expected .*frames, 3, 8\).* got \(2, 9, 4, 8\)'
    with pytest.raises(ValueError, match=message):
        predict(MODELS.build(config).eval())


def motionbert(*args, **kwargs):
    config = lifter_config(*args, **kwargs)
    config['backbone'].update(type='MotionBERT', in_channels=2)
    config['head'] = dict(
        type='MotionRegressionHead',
        in_channels=DIM,
        embedding_size=DIM,
        loss=dict(type='MPJPEVelocityJointLoss'),
        decoder=dict(type='MotionBERTLabel', num_keypoints=JOINTS),
    )
    torch.manual_seed(0)
    model = MODELS.build(config)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


@pytest.mark.parametrize(
    ('hourglass', 'frames'), [(None, 1), (HOT, 1), (dict(TPC, kept_frames=(1,)), 2)]
)
def test_one_frame_has_no_velocity(hourglass, frames):
    model = motionbert(hourglass=hourglass)
    inputs, known = sequences(2, frames), samples(2, frames)
    losses = model(inputs, known, mode='loss')
    out = model.backbone.encode(inputs)
    targets = torch.stack(
        [
            sample.gt_instance_labels.lifting_target_label[source]
            for sample, source in zip(known, out.source)
        ]
    )
    joints = model.head(out.tokens)
    scale = (targets * joints).sum(-1).mean(-1) / joints.square().sum(-1).mean(-1)
    scaled = scale[..., None, None] * joints
    expected = (joints - targets).norm(dim=-1).mean()
    expected = expected + 0.5 * (scaled - targets).norm(dim=-1).mean()
    assert losses['loss_pose3d'].item() == pytest.approx(expected.item(), rel=1e-5)
    losses['loss_pose3d'].backward()
    for name, weight in model.named_parameters():
        assert weight.grad is None or weight.grad.isfinite().all(), name
    assert model.head.fc.weight.grad.abs().sum() > 0


@pytest.mark.parametrize('build', [small_lifter, motionbert])
def test_trains_in_low_precision(build):
    model, inputs, known = build(hourglass=HOT), sequences(), samples()
    whole = model(inputs, known, mode='loss')['loss_pose3d']
    with torch.autocast('cpu', torch.bfloat16):
        losses = model(inputs, known, mode='loss')
    low = losses['loss_pose3d']
    assert low.dtype == torch.float32
    assert low.item() == pytest.approx(whole.item(), rel=0.05)
    low.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


@pytest.mark.parametrize('build', [small_lifter, motionbert])
@pytest.mark.parametrize('flip', [False, True])
def test_a_model_of_bfloat16_predicts(build, flip):
    model = build(test_cfg=dict(flip_test=flip))
    inputs = sequences()
    expected = predict(model, inputs)[1].pred_instances.keypoints
    model = model.bfloat16()
    found = predict(model, inputs.bfloat16())[1].pred_instances.keypoints
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.05 * np.abs(expected).max())
    assert next(model.head.parameters()).dtype == torch.bfloat16


def test_frames_are_kept_that_the_last_pruning_kept():
    config = lifter_config(dict(prune_blocks=(1, 2), kept_frames=(6, 3)))
    config['backbone']['depth'] = 3
    model, inputs = MODELS.build(config).eval(), sequences()
    last = model.backbone.encode(inputs).prunings[1].source
    for sample, kept in zip(predict(model, inputs), last):
        instances = sample.pred_instances
        assert instances.frames[instances.frame_kept].tolist() == kept.tolist()


def test_other_numbers_of_frames():
    model = small_lifter(TPC)
    model.set_kept_frames((2,))
    assert predict(model)[0].pred_instances.frames.shape == (2,)
