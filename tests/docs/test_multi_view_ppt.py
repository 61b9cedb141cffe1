"""The commands of docs/multi_view_ppt.md, as they are written, on made-up data."""

import re
import runpy
import shlex
import sys
from pathlib import Path

import made_h36m
import made_skipose
import pytest
import ring_recording
import torch
from converters.test_convert import released
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import config_names, find_config, train
from ppt_mmpose.apis import test as run_test

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / 'docs' / 'multi_view_ppt.md').read_text()
COMMANDS = [
    shlex.split(line)
    for block in re.findall('```shell\n(.*?)```', TEXT, re.DOTALL)
    for line in block.replace('\\\n', ' ').splitlines()
]
PRUNED = {'model.neck.prune_blocks': (1,)}
DENSE = {'model.neck.prune_blocks': ()}
# Less of everything, and as many instants as there are.
SMALL = {
    'model.neck.dim': 16,
    'model.neck.num_heads': 2,
    'model.neck.stages': (4,),
    'model.head.in_channels': 16,
    'train_cfg.max_epochs': 1,
    'randomness.seed': 0,
    'log_level': 'WARNING',
}
LOADER = dict(num_workers=0, persistent_workers=False)


def small(name, options):
    """Changes that make a config small, without those that the command has made."""
    changes = SMALL | (DENSE if name.startswith(('tokenpose', 'mv_token')) else PRUNED)
    cfg = Config.fromfile(find_config(name))
    views = 6 if 'skipose' in name else 4
    for loader in ('train', 'val', 'test'):
        for key, value in (LOADER | dict(batch_size=views)).items():
            changes[f'{loader}_dataloader.{key}'] = value
        if 'every' in cfg[f'{loader}_dataloader'].dataset:
            changes[f'{loader}_dataloader.dataset.every'] = 3
    return changes | options


def small_model(name):
    cfg = Config.fromfile(find_config(name))
    changes = SMALL | PRUNED
    cfg.merge_from_dict({k: v for k, v in changes.items() if k.startswith('model')})
    torch.manual_seed(0)
    return MODELS.build(cfg.model)


def save(model, path):
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with data where the configs expect them, and where training starts."""
    monkeypatch.chdir(tmp_path)
    entries = made_h36m.toolbox_entries()
    for part in ('train', 'validation'):
        made_h36m.write_toolbox(tmp_path / 'data/h36m', entries, f'h36m_{part}.pkl')
    save(small_model('ppt_s_coco-256x256'), 'ppt_s_coco-256x256.pth')
    return tmp_path


def prepared_h36m(folder):
    """Human3.6M as MMPose prepares it, beside the images that are there."""
    there = folder / 'annotation_body3d'
    (there / 'fps10').mkdir(parents=True)
    made_h36m.write_prepared(there)
    test, train = there / 'fps10/h36m_test.npz', there / 'fps10/h36m_train.npz'
    (there / 'h36m_test.npz').rename(test)
    train.write_bytes(test.read_bytes())
    image = next((folder / 'images').rglob('*.jpg')).read_bytes()
    for name in made_h36m.prepared_arrays()['imgname']:
        (folder / 'images' / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / 'images' / name).write_bytes(image)


def write_skipose(folder):
    pytest.importorskip('h5py')
    arrays, centres, _ = made_skipose.labels(frames=1)
    for part in ('train', 'test'):
        made_skipose.write(folder, arrays, centres, part)


def trained(name, options=None):
    runner = train(name, work_dir='out', cfg_options=small(name, options or {}))
    assert runner.iter > 0
    rates = runner.message_hub.get_scalar('val/pose_2d/JDR').data[0]
    assert len(rates) == 1
    return runner


@pytest.mark.parametrize('name', [n for n in config_names('images') if 'h36m' in n])
def test_configs_of_human36m_train_from_coco_and_evaluate(here, name):
    trained(name)
    assert list(here.glob('out/best_pose_3d_MPJPE_*.pth'))


def test_what_was_trained_is_tested(here):
    trained('mv_ppt_s_h36m')
    options = small('mv_ppt_s_h36m', {})
    found = run_test('mv_ppt_s_h36m', 'out/epoch_1.pth', cfg_options=options)
    # Every third of those that are not damaged.
    assert found['pose_3d/instants'] == 2
    assert found['pose_3d/MPJPE'] > 0


def test_the_config_of_ski_poses_trains_and_evaluates(here):
    write_skipose(here / 'data/skipose')
    trained('mv_ppt_s_skipose')


def commands(tool, *words):
    found = [
        command
        for command in COMMANDS
        if tool in ' '.join(command[:3]) and set(words) <= set(command)
    ]
    assert found
    return found


def test_commands_name_what_is_there():
    kinds = [' '.join(c[:2]).replace('python tools/', '') for c in COMMANDS]
    assert set(kinds) == {
        *('mim train', 'mim test', 'convert_checkpoint.py', 'get_cost.py'),
        *('make_synthetic_views.py', 'cp work_dirs/ppt_s_coco-256x256/epoch_300.pth'),
    }
    for command in commands('mim'):
        assert command[2] == 'ppt_mmpose'
        if command[3] != 'my_config.py':
            assert (ROOT / command[3]).is_file()


def test_data_as_mmpose_prepares_them(here):
    prepared_h36m(here / 'data/h36m')
    (command,) = commands('mim', '--cfg-options')
    options = parsed_cfg_options(command[command.index('--cfg-options') + 1 :])
    every = {f'{part}_dataloader.dataset.every': 1 for part in ('train', 'val')}
    trained(Path(command[3]).stem, options | every)


def run_tool(command, monkeypatch):
    monkeypatch.setattr(sys, 'argv', command[1:])
    runpy.run_path(str(ROOT / command[1]), run_name='__main__')


def test_conversions(here, monkeypatch):
    for command in commands('tools/convert_checkpoint.py'):
        source, target = command[2:4]
        name = command[command.index('--config') + 1]
        model = MODELS.build(Config.fromfile(find_config(name)).model)
        state = released(model)
        if 'position_3d' in ' '.join(state):
            state = {
                k.replace('position_3d', 'pos_3d_linear'): v for k, v in state.items()
            }
        torch.save(state, source)
        run_tool(command, monkeypatch)
        written = torch.load(target)
        for key, value in model.state_dict().items():
            assert torch.equal(written['state_dict'][key], value), key
        assert written['meta']['configs'] == [name]


def test_costs_are_those_of_the_tool(monkeypatch, capsys):
    (command,) = commands('tools/get_cost.py')
    run_tool(command, monkeypatch)
    (table,) = re.findall('```text\n(.*?)```', TEXT, re.DOTALL)
    assert table in capsys.readouterr().out


def test_own_recordings(here):
    for name in ('my_recording', 'my_test_recording'):
        ring_recording.write(here / 'data' / name)
    (text,) = re.findall('```python\n(.*?)```', TEXT, re.DOTALL)
    base = str(ROOT / 'configs/mv_ppt_s_h36m.py')
    Path('my_config.py').write_text(text.replace('configs/mv_ppt_s_h36m.py', base))
    cfg = Config.fromfile('my_config.py')
    for loader in (cfg.train_dataloader, cfg.val_dataloader):
        assert loader.dataset.pipeline[1].padding == 1.25
        assert 'every' not in loader.dataset
    trained('my_config.py')


def test_the_tables_name_what_is_there():
    table = TEXT.split('## Configs')[1].split('##')[0]
    named = re.findall(r'^\| `(\w[\w-]*)`', table, re.MULTILINE)
    images = config_names('images')
    ours = [n for n in images if n.startswith('mv_') or n.endswith('h36m')]
    assert sorted(named) == sorted(ours)
