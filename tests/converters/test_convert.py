"""From a released file to a loadable one, on files made up in the released layout."""

import pickle

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.utils import digit_version
from mmpose.registry import MODELS
from seeded_weights import fill

from ppt_mmpose.apis import find_config
from ppt_mmpose.converters import ConversionError, convert_checkpoint

PPT_BLOCK = {
    'norm1': '0.norm',
    'attention.qkv': '0.fn.to_qkv',
    'attention.projection': '0.fn.to_out.0',
    'norm2': '1.fn.norm',
    'mlp.0': '1.fn.fn.net.0',
    'mlp.2': '1.fn.fn.net.3',
}
TOKENPOSE_BLOCK = PPT_BLOCK | {
    'norm1': '0.fn.norm',
    'attention.qkv': '0.fn.fn.to_qkv',
    'attention.projection': '0.fn.fn.to_out.0',
}


def build(name):
    init_default_scope('mmpose')
    model = MODELS.build(Config.fromfile(find_config(name)).model)
    fill(model)
    return model


def released(model, block=PPT_BLOCK):
    """The weights of an S model under the names and in the layout of the release."""
    state = {'features.pos_embedding': model.neck.position.clone()}
    for key, value in model.state_dict().items():
        part, _, rest = key.partition('.')
        if rest == 'keypoint_tokens':
            name = 'keypoint_token'
        elif rest.startswith('patch_embedding'):
            name = 'patch_to_embedding.' + rest.rpartition('.')[2]
            if value.ndim == 4:
                value = value.permute(0, 2, 3, 1).flatten(1)
        elif rest.startswith('encoder.blocks'):
            _, _, index, inside = rest.split('.', 3)
            inside, _, leaf = inside.rpartition('.')
            name = f'transformer.layers.{index}.{block[inside]}.{leaf}'
        elif part == 'head':
            name = rest.replace('projection', 'mlp_head')
        else:
            name = rest
        state[f'features.{name}'] = value
    return state


@pytest.fixture(scope='module')
def ppt_s():
    model = build('ppt_s_coco')
    return model, released(model)


@pytest.fixture
def convert(tmp_path):
    def run(content, **options):
        torch.save(content, tmp_path / 'src.pth')
        done = convert_checkpoint(
            str(tmp_path / 'src.pth'), str(tmp_path / 'dst.pth'), **options
        )
        return done, torch.load(tmp_path / 'dst.pth', weights_only=True)

    return run


def assert_refused(run, folder, message, *args, **options):
    with pytest.raises(ConversionError, match=message):
        run(*args, **options)
    assert not (folder / 'dst.pth').exists()
    assert not list(folder.glob('*.tmp'))


def test_gives_back_the_weights(ppt_s, convert):
    model, state = ppt_s
    done, content = convert(state)
    assert done.family.startswith('PPT repository, class S')
    assert 'ppt_s_coco' in done.configs
    assert content['state_dict'].keys() == model.state_dict().keys()
    for key, value in model.state_dict().items():
        assert torch.equal(content['state_dict'][key], value), key
    meta = content['meta']['dataset_meta']
    assert meta['dataset_name'] == 'coco'
    assert meta['num_keypoints'] == 17


def test_origin_of_the_file_tells_dense_models(ppt_s, convert):
    model, _ = ppt_s
    done, _ = convert(released(model, TOKENPOSE_BLOCK))
    assert done.family.startswith('TokenPose repository')
    assert done.configs == ['tokenpose_s_v1_coco']
    assert 'ppt_s_coco' in done.fitting


def test_a_config_tells_twins_apart(ppt_s, convert):
    done, content = convert(ppt_s[1], config='tokenpose_s_v1_coco')
    assert done.configs == content['meta']['configs'] == ['tokenpose_s_v1_coco']


@pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.6'),
    reason='torch reads training checkpoints safely from 2.6 on',
)
def test_training_checkpoints_and_wrappers(ppt_s, convert):
    state = {f'module.{key}': value for key, value in ppt_s[1].items()}
    checkpoint = dict(epoch=3, state_dict=state, perf=np.float64(0.5), optimizer={})
    assert convert(checkpoint)[1]['state_dict']


def test_a_missing_sine_encoding_is_computed(ppt_s, convert):
    state = dict(ppt_s[1])
    del state['features.pos_embedding']
    assert convert(state)[1]['state_dict']


def test_a_learnt_encoding_is_no_sine(ppt_s, convert, tmp_path):
    learnt = torch.randn(1, 256, 192)
    state = ppt_s[1] | {'features.pos_embedding': learnt}
    message = 'not the 2-D sine .*position=learnable'
    assert_refused(convert, tmp_path, message, state, config='ppt_s_coco')
    _, content = convert(
        state,
        config='ppt_s_coco',
        cfg_options={'model.neck.position': 'learnable'},
    )
    assert torch.equal(content['state_dict']['neck.position'], learnt)


def test_an_unknown_key(ppt_s, convert, tmp_path):
    state = ppt_s[1] | {'features.of_another.weight': torch.zeros(192, 3)}
    assert_refused(convert, tmp_path, r'1 entries .*of_another\.weight', state)


def test_a_missing_key(ppt_s, convert, tmp_path):
    state = dict(ppt_s[1])
    del state['features.mlp_head.0.bias']
    message = 'ppt_s_coco: 1 missing in the file: head.projection.0.bias'
    assert_refused(convert, tmp_path, message, state, config='ppt_s_coco')
    assert_refused(convert, tmp_path, 'fits no config; .* is nearest', state)


def test_a_wrong_shape(ppt_s, convert, tmp_path):
    state = ppt_s[1] | {'features.keypoint_token': torch.zeros(1, 5, 192)}
    message = r'keypoint_tokens is \(1, 5, 192\) in the file, \(1, 17, 192\) in'
    assert_refused(convert, tmp_path, message, state, config='ppt_s_coco')


@pytest.mark.parametrize(
    'value', [torch.full((384,), torch.nan), torch.ones(384).int()]
)
def test_values_that_are_no_weights(ppt_s, convert, tmp_path, value):
    state = ppt_s[1] | {'features.mlp_head.1.bias': value}
    message = r'1 with values that are not finite .*head\.projection\.1\.bias'
    assert_refused(convert, tmp_path, message, state, config='ppt_s_coco')


def test_half_precision_is_taken(ppt_s, convert):
    assert convert({key: value.half() for key, value in ppt_s[1].items()})


def test_another_network(convert, tmp_path):
    assert_refused(
        convert, tmp_path, 'expected a model of', {'fc.weight': torch.zeros(1)}
    )


def test_a_converted_file(ppt_s, convert, tmp_path):
    message = 'one that is converted already'
    assert_refused(convert, tmp_path, message, ppt_s[0].state_dict())


def test_not_a_state_dict(convert, tmp_path):
    assert_refused(convert, tmp_path, 'expected a state dict, got list', [1, 2])
    assert_refused(convert, tmp_path, 'expected plain tensors only, got int', dict(a=1))
    assert_refused(convert, tmp_path, 'expected names of weights, got 3', {3: 1})
    assert_refused(convert, tmp_path, 'an empty one', {})
    sparse = dict(a=torch.eye(2).to_sparse())
    assert_refused(convert, tmp_path, r'got torch.sparse_coo in', sparse)


class Evil:
    def __reduce__(self):
        return print, ('code of the checkpoint ran',)


def test_a_file_that_would_run_code(convert, tmp_path, capsys):
    message = r'refused, .* would run code: Unsupported (global: GLOBAL|class) .*print'
    assert_refused(convert, tmp_path, message, dict(state_dict=Evil()))
    assert 'ran' not in capsys.readouterr().out


@pytest.mark.parametrize(
    'content', [b'', b'no checkpoint', b'0', pickle.dumps([1])[:-1]]
)
def test_no_checkpoint(tmp_path, content):
    (tmp_path / 'src.pth').write_bytes(content)

    def run():
        convert_checkpoint(str(tmp_path / 'src.pth'), str(tmp_path / 'dst.pth'))

    assert_refused(run, tmp_path, r'src\.pth: expected a checkpoint')


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConversionError, match='found no such file'):
        convert_checkpoint(str(tmp_path / 'a.pth'), str(tmp_path / 'b.pth'))


def test_two_names_for_one_weight(ppt_s, convert, tmp_path):
    token = torch.zeros(1, 17, 192)
    message = 'expected one entry for neck.keypoint_tokens, got'
    twice = ppt_s[1] | {'transformer.keypoint_token': token}
    assert_refused(convert, tmp_path, message, twice)
    message = 'expected one entry for features.keypoint_token'
    twice = ppt_s[1] | {'module.features.keypoint_token': token}
    assert_refused(convert, tmp_path, message, twice)


def test_targets_that_cannot_be_written(ppt_s, tmp_path):
    source = tmp_path / 'src.pth'
    torch.save(ppt_s[1], source)
    with pytest.raises(ConversionError, match='got a folder'):
        convert_checkpoint(str(source), str(tmp_path))
    with pytest.raises(ConversionError, match='cannot be written'):
        convert_checkpoint(str(source), str(source / 'below' / 'a.pth'))
    assert list(tmp_path.iterdir()) == [source]


def test_a_config_that_does_not_build(ppt_s, convert, tmp_path):
    options = {'model.neck.keep_ratio': 0}
    message = 'config ppt_s_coco .*keep_ratio: expected'
    assert_refused(
        convert,
        tmp_path,
        message,
        ppt_s[1],
        config='ppt_s_coco',
        cfg_options=options,
    )


def test_stages_and_trunk_of_l(convert):
    model = build('tokenpose_l_d6_coco')
    state = {}
    for key, value in released(model, TOKENPOSE_BLOCK).items():
        name = key.removeprefix('features.')
        trunk = f'backbone.{name}' in model.state_dict()
        if name.startswith('transformer.layers.'):
            index, rest = name.removeprefix('transformer.layers.').split('.', 1)
            stage, layer = divmod(int(index), 2)
            name = f'transformer{stage + 1}.layers.{layer}.{rest}'
        state[f'pre_feature.{name}' if trunk else f'transformer.{name}'] = value
    done, content = convert(state)
    assert (
        done.family == 'TokenPose repository, class L (HRNet, three stages of blocks)'
    )
    assert done.configs == ['tokenpose_l_d6_coco']
    for key, value in model.state_dict().items():
        assert torch.equal(content['state_dict'][key], value), key


def test_a_refused_file_leaves_an_older_result(ppt_s, convert, tmp_path):
    (tmp_path / 'dst.pth').write_bytes(b'older')
    with pytest.raises(ConversionError):
        convert(dict(ppt_s[1], extra=torch.zeros(1)))
    assert (tmp_path / 'dst.pth').read_bytes() == b'older'


def test_every_spec_converts_and_builds(references, tmp_path):
    """All 2-D models of the references, without saying which they are."""
    folder, synthetic = references
    for path in sorted(folder.glob('*.spec.json')):
        spec = synthetic.load_spec(path)
        if 'input_size' not in spec['config'] or 'multi' in spec['config']['dataset']:
            continue
        state = synthetic.synthetic_state_dict(spec)
        torch.save(state, tmp_path / 'src.pth')
        done = convert_checkpoint(str(tmp_path / 'src.pth'), str(tmp_path / 'dst.pth'))
        expected = spec['num_parameters']['trainable']
        model = MODELS.build(Config.fromfile(find_config(done.configs[0])).model)
        model.load_state_dict(torch.load(tmp_path / 'dst.pth')['state_dict'])
        assert sum(p.numel() for p in model.parameters()) == expected, path.name
