import logging

import cv2
import pytest
import torch
from engine.hooks.toy import ToyMetric, ToyPose, runner_of
from mmengine.dataset import pseudo_collate
from mmengine.runner import Runner
from mmengine.visualization import Visualizer
from small_model import META, NAMES, batch, image, sample, small_model
from small_views_model import samples_of, small_views_model
from torch.utils.data import DataLoader, Dataset

from ppt_mmpose.engine.hooks import TokenVisualizationHook


class People(Dataset):
    metainfo = META

    def __len__(self):
        return 6

    def __getitem__(self, index):
        return dict(inputs=image(index), data_samples=sample())


class Views(People):
    """Three instants of two views; in a batch of four there are two of them."""

    samples = samples_of(2, 2, 2)

    def __getitem__(self, index):
        made = self.samples[index].clone()
        group = f'recording/take/{index // 2:06}'
        made.set_metainfo(dict(group_id=group))
        return dict(inputs=image(index), data_samples=made)


def loader(dataset=People, batch_size=2):
    return DataLoader(dataset(), batch_size=batch_size, collate_fn=pseudo_collate)


def run(folder, model=None, mode='train', loader=loader, **options):
    hook = dict(tokens=dict(type='TokenVisualizationHook', **options))
    default = dict(logger=None, timer=None, checkpoint=None)
    runner = Runner(
        model=small_model() if model is None else model,
        work_dir=str(folder),
        train_dataloader=loader(),
        train_cfg=dict(by_epoch=True, max_epochs=2, val_interval=2),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=1e-3)),
        val_dataloader=loader(),
        val_cfg=dict(),
        val_evaluator=[ToyMetric()],
        test_dataloader=loader(),
        test_cfg=dict(),
        test_evaluator=[ToyMetric()],
        default_hooks=default | hook,
        default_scope='mmpose',
        randomness=dict(seed=0),
        log_level='ERROR',
        experiment_name=f'{folder.name}-{torch.rand(1).item()}',
    )
    getattr(runner, mode)()
    return runner


def pictures(folder):
    return sorted(path.name for path in folder.rglob('vis_image/*.png'))


def hooks_of(model):
    return sum(
        len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()
    )


def test_training_and_validation_are_drawn_by_the_backend(tmp_path):
    runner = run(tmp_path, interval=2, figures=['kept', 'inner'])
    # Six iterations, then a validation of three batches.
    steps = dict(train=[0, 2, 4], val=[6, 8])
    assert pictures(tmp_path) == sorted(
        f'{mode}_tokens_{figure}_{step}.png'
        for mode, at in steps.items()
        for step in at
        for figure in ('kept', 'inner')
    )
    (drawn,) = tmp_path.rglob('val_tokens_kept_6.png')
    assert cv2.imread(str(drawn)).shape[0] > 384
    assert hooks_of(runner.model) == 0


def test_testing_is_drawn_with_several_samples(tmp_path):
    run(tmp_path, mode='test', interval=3, samples=2, figures=['kept'])
    assert pictures(tmp_path) == ['test_tokens_kept_0.png', 'test_tokens_kept_1_0.png']


def test_predictions_are_drawn_where_there_are_some(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(
        'ppt_mmpose.engine.hooks.token_visualization_hook.draw_figures',
        lambda one, figures, **options: given.append(options) or {},
    )
    run(tmp_path, interval=6, keypoints=NAMES[:1])
    train, val = given
    assert train['prediction'] is None
    assert val['prediction'].pred_instances.keypoints.shape == (1, 3, 2)
    for options in given:
        assert options['dataset_meta'] is META
        assert options['keypoints'] == NAMES[:1]
        assert options['preprocessor'] is not None


def test_training_is_the_same_with_it_and_the_model_runs_no_other_time(tmp_path):
    weights, runs = [], []
    for enable in (True, False):
        torch.manual_seed(0)
        model, calls = small_model(), []
        model.neck.patch_embedding.register_forward_hook(
            lambda *_, calls=calls: calls.append(1)
        )
        run(tmp_path / str(enable), model, enable=enable, interval=1)
        weights.append(list(model.state_dict().values()))
        runs.append(len(calls))
    assert all(torch.equal(*pair) for pair in zip(*weights))
    # Six of training, and three with flip test.
    assert runs == [6 + 2 * 3] * 2


def test_off_it_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.nn.Module, 'register_forward_pre_hook', None)
    run(tmp_path, enable=False, interval=1)
    assert pictures(tmp_path) == []


def test_off_a_model_without_tokens_is_fine(tmp_path):
    hooks = dict(tokens=dict(type='TokenVisualizationHook', enable=False))
    runner_of(tmp_path, hooks, ToyPose(), epochs=1).train()


def test_a_model_without_tokens_is_refused_before_it_is_trained(tmp_path):
    model = ToyPose()
    hooks = dict(tokens=dict(type='TokenVisualizationHook'))
    with pytest.raises(ValueError, match=r'ToyPose \(TokenPoseNeck\) has no tokens'):
        runner_of(tmp_path, hooks, model).train()
    assert model.seen == []


def test_a_run_that_failed_leaves_nothing_to_the_next():
    hook, model = TokenVisualizationHook(interval=2), small_model()

    class Toy:
        pass

    Toy.model = model
    hook.before_val_iter(Toy, 0)
    assert hooks_of(model) > 0
    hook.before_val_iter(Toy, 1)
    assert hooks_of(model) == 0


def test_nothing_recorded_is_a_warning(tmp_path, caplog):
    class Toy:
        model = small_model()
        val_dataloader = loader()
        iter = 0
        logger = logging.getLogger('toy')
        visualizer = Visualizer()

    hook = TokenVisualizationHook()
    hook.before_val_iter(Toy, 0)
    hook.after_val_iter(Toy, 0, batch(), [])
    assert 'compiled model does not run hooks' in caplog.text


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(interval=0), 'interval: expected 1 or more, got 0'),
        (dict(samples=0), 'samples: expected 1 or more, got 0'),
        (dict(figures=['heads']), 'figures: expected some of'),
        (dict(figures=['table']), 'figures: expected pictures'),
    ],
)
def test_settings_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=message):
        TokenVisualizationHook(**options)


def views_loader():
    return loader(Views, batch_size=4)


def test_instants_of_several_views_are_called_by_their_names(tmp_path):
    run(
        tmp_path,
        small_views_model(),
        loader=views_loader,
        interval=3,
        samples=2,
        figures=['kept', 'heatmaps', 'attention'],
    )
    # Four iterations, then a validation of two batches, of which the first is drawn.
    names = [f'train_tokens_{{}}{behind}_{at}' for behind in ('', '_1') for at in (0,)]
    names += ['train_tokens_{}_3']
    names += [f'val_tokens_{{}}_take_{instant:06}_4' for instant in (0, 1)]
    assert pictures(tmp_path) == sorted(
        f'{name.format(figure)}.png'
        for name in names
        for figure in ('kept', 'heatmaps', 'attention')
    )


def test_training_of_several_views_is_the_same_with_it(tmp_path):
    weights = []
    guide = dict(type='AttentionGuide', blocks=(1,))
    for enable in (True, False):
        torch.manual_seed(0)
        model = small_views_model(attention_guide=guide)
        options = dict(enable=enable, interval=1, figures=['attention', 'heatmaps'])
        run(tmp_path / str(enable), model, loader=views_loader, **options)
        weights.append(list(model.state_dict().values()))
    assert all(torch.equal(*pair) for pair in zip(*weights))
