"""The student of a training is a file like any other of its config."""

import json
import sys

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.apis import MMPoseInferencer
from mmpose.registry import MODELS
from small_distilling import distilling_config

from ppt_mmpose.apis import TokenPoseInferencer, find_config, train
from ppt_mmpose.apis import test as run_test
from ppt_mmpose.converters import ConversionError, export_student


@pytest.fixture(scope='module')
def trained(tmp_path_factory):
    """The config of a training, and its checkpoint."""
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('distilling')
    config = distilling_config(folder)
    options = {'train_cfg.max_epochs': 1}
    train(config, work_dir=str(folder / 'run'), cfg_options=options)
    return config, str(folder / 'run' / 'epoch_1.pth')


@pytest.fixture(scope='module')
def exported(trained, tmp_path_factory):
    target = str(tmp_path_factory.mktemp('exported') / 'student.pth')
    return export_student(trained[1], target)


def test_weights_and_meta(trained, exported):
    assert exported.configs == ['ppt_quickstart']
    content = torch.load(exported.written, weights_only=True)
    state, learnt = content['state_dict'], torch.load(trained[1])['state_dict']
    assert {f'student.{key}' for key in state} == learnt.keys()
    for key, value in state.items():
        assert torch.equal(value, learnt[f'student.{key}']), key
    assert content.keys() == {'meta', 'state_dict'}
    meta = content['meta']
    assert meta['configs'] == ['ppt_quickstart']
    assert meta['dataset_meta']['dataset_name'] == 'coco'
    assert json.loads(json.dumps(meta['dataset_meta']))['num_keypoints'] == 17
    model = MODELS.build(Config.fromfile(find_config('ppt_quickstart')).model)
    model.load_state_dict(state, strict=True)


def test_the_plain_config_tests_it_as_the_distiller_did(trained, exported, tmp_path):
    config, checkpoint = trained
    cfg = Config.fromfile(config)
    options = {key: cfg[key].to_dict() for key in ('test_dataloader', 'test_evaluator')}
    plain = Config.fromfile(find_config('ppt_quickstart'))
    plain.merge_from_dict({f'{key}._delete_': True for key in options})
    for key, value in options.items():
        plain[key] = value
    plain.dump(tmp_path / 'plain.py')
    found = [
        run_test(name, file, work_dir=str(tmp_path / 'run'))
        for name, file in (
            (config, checkpoint),
            (str(tmp_path / 'plain.py'), str(exported.written)),
        )
    ]
    assert found[0]['EPE'] > 0
    assert found[0] == found[1]


def test_inferencers_take_both(trained, exported):
    config, checkpoint = trained
    image = Config.fromfile(config).data.data_root + '/000000000001.jpg'
    ways = [
        (MMPoseInferencer, config, checkpoint),
        (MMPoseInferencer, 'ppt_quickstart', str(exported.written)),
        (TokenPoseInferencer, 'ppt_quickstart', str(exported.written)),
    ]
    found = []
    for kind, model, file in ways:
        run = kind(
            pose2d=model, pose2d_weights=file, det_model='whole_image', device='cpu'
        )
        (person,) = next(run(image))['predictions'][0]
        found.append(person['keypoints'])
    assert np.array(found[0]).shape == (17, 2)
    assert found[0] == found[1] == found[2]


def test_a_student_that_is_none_of_ours(trained, tmp_path, monkeypatch):
    content = torch.load(trained[1])
    state = content['state_dict']
    content['state_dict'] = {k: v for k, v in state.items() if 'blocks.3' not in k}
    torch.save(content, tmp_path / 'src.pth')
    files = [str(tmp_path / name) for name in ('src.pth', 'dst.pth')]
    with pytest.raises(ConversionError, match='fits no config; .* with --config'):
        export_student(*files)
    assert not (tmp_path / 'dst.pth').exists()
    options = {'model.neck.stages': (3,), 'model.neck.prune_blocks': (1,)}
    done = export_student(*files, config='ppt_quickstart', cfg_options=options)
    assert len(torch.load(done.written)['state_dict']) == len(content['state_dict'])


def test_another_dataset(trained, tmp_path):
    content = torch.load(trained[1])
    content['meta']['dataset_meta']['dataset_name'] = 'others'
    torch.save(content, tmp_path / 'src.pth')
    with pytest.raises(ConversionError, match='quickstart, .* but learnt from others;'):
        export_student(str(tmp_path / 'src.pth'), str(tmp_path / 'dst.pth'))


def test_files_that_hold_no_student(exported, tmp_path):
    target = str(tmp_path / 'dst.pth')
    plain = str(exported.written)
    with pytest.raises(ConversionError, match=r'begin with student\., got 1.. others'):
        export_student(plain, target)
    with pytest.raises(ConversionError, match='expected another file than the source'):
        export_student(plain, plain)
    with pytest.raises(ConversionError, match='expected a checkpoint, found no such'):
        export_student('none.pth', target)
    with pytest.raises(ConversionError, match='cfg_options: expected together with a'):
        export_student(plain, target, cfg_options={'a': 1})
    (tmp_path / 'text.pth').write_text('nothing')
    with pytest.raises(ConversionError, match='text.pth: expected a checkpoint of'):
        export_student(str(tmp_path / 'text.pth'), target)
    assert not (tmp_path / 'dst.pth').exists()


def test_a_distiller_is_no_plain_config(trained, tmp_path):
    message = 'TopdownTokenPose or TokenPoseLifter, got TokenDistiller'
    with pytest.raises(ConversionError, match=message):
        export_student(trained[1], str(tmp_path / 'a.pth'), config='dppt_s_synthetic')


def test_the_tool(trained, tmp_path, monkeypatch, capsys):
    import export_student as tool

    target = str(tmp_path / 'student.pth')
    monkeypatch.setattr(sys, 'argv', ['export_student.py', trained[1], target])
    tool.main()
    assert f'fits:    ppt_quickstart\nwritten: {target}' in capsys.readouterr().out
    monkeypatch.setattr(sys, 'argv', ['export_student.py', target, target])
    with pytest.raises(SystemExit, match='Nothing was written'):
        tool.main()
