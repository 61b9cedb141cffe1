"""Files of HoT's repository, made up in its layout, and the names of its references."""

import pytest
import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from seeded_weights import fill

from ppt_mmpose.apis import find_config
from ppt_mmpose.converters import ConversionError, convert_checkpoint
from ppt_mmpose.converters.lifter_keys import recognise_lifter, unsupported_lifter

FAMILIES = ('MixSTE', 'MotionBERT', 'MHFormer')
SMALL = {
    'MixSTE': (
        'hot_mixste_h36m',
        {
            'model.backbone.feat_size': 16,
            'model.backbone.depth': 4,
            'model.backbone.seq_len': 9,
            'model.backbone.hourglass.kept_frames': (4,),
            'model.head.in_channels': 16,
        },
    ),
    'MotionBERT': (
        'hot_motionbert_h36m',
        {
            'model.backbone.feat_size': 16,
            'model.backbone.depth': 2,
            'model.backbone.seq_len': 9,
            'model.backbone.hourglass.kept_frames': (4,),
            'model.head.in_channels': 16,
        },
    ),
    'MHFormer': (
        'tpc_mhformer_h36m',
        {
            'model.backbone.feat_size': 16,
            'model.backbone.seq_len': 9,
            'model.backbone.hidden_channels': 8,
            'model.backbone.hourglass.kept_frames': (4,),
            'model.head.in_channels': 48,
        },
    ),
}
BLOCK = (
    ('attention.qkv', 'attn.qkv'),
    ('attention.projection', 'attn.proj'),
    ('.mlp.0.', '.mlp.fc1.'),
    ('.mlp.2.', '.mlp.fc2.'),
)
ASKING = (
    ('query', 'linear_q'),
    ('key.', 'linear_k.'),
    ('value', 'linear_v'),
    ('projection', 'proj'),
)


def hourglass(ours):
    attention = f'{ours}.recovery.attention.'
    return (
        (f'{ours}.positions.0', 'pos_embed_token'),
        (f'{ours}.recovery.queries', 'x_token'),
        *((attention + mine, f'cross_attention.{their}') for mine, their in ASKING),
    )


def of_mhformer():
    """Ours and theirs; of three, they count from 1."""
    encoder, hypotheses = 'backbone.encoder.', 'Transformer_hypothesis.'
    for i in range(3):
        made = f'{encoder}generation.{i}.'
        yield made + 'norm_before', f'norm_{i + 1}'
        yield made + 'position', f'Transformer_encoder_{i + 1}.pos_embed'
        yield made + 'norm_after', f'Transformer_encoder_{i + 1}.norm'
        yield made, f'Transformer_encoder_{i + 1}.'
        yield f'{encoder}embedding.{i}', f'embedding_{i + 1}'
        yield f'{encoder}positions.{i}', f'{hypotheses}pos_embed_{i + 1}'
    yield encoder + 'refinement.', hypotheses + 'SHR_blocks.'
    yield encoder + 'interaction.', hypotheses + 'CHI_blocks.'
    yield encoder + 'norm', hypotheses + 'norm'
    for i in range(3):
        for j in range(3):
            yield f'norm1.{i}.{j}.', f'norm3_{i + 1}{j + 1}.'
    for i in range(3):
        yield f'.norm1.{i}.', f'.norm1_{i + 1}.'
        yield f'.attention.{i}.qkv', f'.attn_{i + 1}.qkv'
        for mine, their in ASKING:
            yield f'.attention.{i}.{mine}', f'.attn_{i + 1}.{their}'
    yield from BLOCK
    yield from (('head.pre_logits', 'regression.0'), ('head.fc', 'regression.1'))


# What to put in the place of what, one after the other.
NAMES = {
    'MixSTE': (
        *hourglass('backbone.encoder.hourglass'),
        ('backbone.encoder.spatial_position', 'Spatial_pos_embed'),
        ('backbone.encoder.temporal_position', 'Temporal_pos_embed'),
        ('backbone.encoder.embedding', 'Spatial_patch_to_embedding'),
        ('backbone.encoder.spatial_norm', 'Spatial_norm'),
        ('backbone.encoder.temporal_norm', 'Temporal_norm'),
        ('backbone.encoder.spatial', 'STEblocks'),
        ('backbone.encoder.temporal', 'TTEblocks'),
        *BLOCK,
        ('head.pre_logits', 'head.0'),
        ('head.fc', 'head.1'),
    ),
    'MotionBERT': (
        *hourglass('backbone.hourglass'),
        ('backbone.spat_embed', 'pos_embed'),
        ('backbone.attn_regress', 'ts_attn'),
        ('backbone.', ''),
        ('mlp_s.0', 'mlp_s.fc1'),
        ('mlp_s.2', 'mlp_s.fc2'),
        ('mlp_t.0', 'mlp_t.fc1'),
        ('mlp_t.2', 'mlp_t.fc2'),
        ('head.pre_logits', 'pre_logits'),
        ('head.fc', 'head'),
    ),
    'MHFormer': tuple(of_mhformer()),
}


def released(family, state):
    """Weights of ours under the released names, convolutions as such."""
    renamed = {}
    for key, value in state.items():
        for ours, theirs in NAMES[family]:
            key = key.replace(ours, theirs)
        if key.startswith(('embedding_', 'regression.1.w')):
            value = value[..., None]
        renamed[key] = value
    return renamed


def model_of(family):
    name, options = SMALL[family]
    cfg = Config.fromfile(find_config(name))
    cfg.merge_from_dict(options)
    model = MODELS.build(cfg.model)
    fill(model)
    return model


@pytest.fixture(scope='module')
def models():
    return {family: model_of(family) for family in FAMILIES}


@pytest.fixture
def convert(tmp_path):
    def run(content, **options):
        torch.save(content, tmp_path / 'src.pth')
        done = convert_checkpoint(
            str(tmp_path / 'src.pth'), str(tmp_path / 'dst.pth'), **options
        )
        return done, torch.load(tmp_path / 'dst.pth', weights_only=True)

    return run


def small(family):
    name, options = SMALL[family]
    return dict(config=name, cfg_options=options)


@pytest.mark.parametrize('family', FAMILIES)
def test_gives_back_the_weights(family, models, convert):
    ours = models[family].state_dict()
    done, content = convert(released(family, ours), **small(family))
    assert done.family == f'HoT repository, class {family}'
    assert content['state_dict'].keys() == ours.keys()
    for key, value in ours.items():
        assert torch.equal(content['state_dict'][key], value), key
    meta = content['meta']
    assert meta['configs'] == [SMALL[family][0]]
    assert meta['origin'] == done.family
    assert meta['dataset_meta']['dataset_name'] == 'h36m'
    assert meta['dataset_meta']['num_keypoints'] == 17


def test_training_checkpoints_of_several_devices(models, convert):
    state = released('MixSTE', models['MixSTE'].state_dict())
    state = {f'module.{key}': value for key, value in state.items()}
    assert convert(dict(epoch=3, model_pos=state), **small('MixSTE'))


@pytest.mark.parametrize('family', FAMILIES)
def test_an_unknown_name(family, models, convert, tmp_path):
    state = released(family, models[family].state_dict())
    state['of_another.weight'] = torch.zeros(3)
    with pytest.raises(ConversionError, match=r'1 entries that no .*of_another\.w'):
        convert(state, **small(family))
    assert not (tmp_path / 'dst.pth').exists()


def test_a_missing_name(models, convert):
    state = released('MotionBERT', models['MotionBERT'].state_dict())
    del state['x_token']
    message = r'1 missing in the file: backbone\.hourglass\.recovery\.queries'
    with pytest.raises(ConversionError, match=message):
        convert(state, **small('MotionBERT'))


def test_another_model_of_the_family(models, convert):
    state = released('MotionBERT', models['MotionBERT'].state_dict())
    with pytest.raises(ConversionError, match='does not fit motionbert_h36m: 10 not'):
        convert(state, config='motionbert_h36m', cfg_options=dense('MotionBERT'))
    with pytest.raises(ConversionError, match='fits no config; '):
        convert(state)


def dense(family):
    options = SMALL[family][1].items()
    return {key: value for key, value in options if 'hourglass' not in key}


@pytest.fixture(scope='module')
def twins():
    """Weights of MotionBERT in its size; one number each, so that files are small."""
    with torch.device('meta'):
        model = MODELS.build(Config.fromfile(find_config('motionbert_h36m')).model)
    state = {k: torch.zeros(1).expand(v.shape) for k, v in model.state_dict().items()}
    return released('MotionBERT', state)


def test_a_pruned_model_without_weights_of_its_own_is_a_twin(twins, convert):
    done, content = convert(twins)
    expected = ['motionbert_h36m', 'tpc_motionbert_h36m']
    assert done.fitting == done.configs == content['meta']['configs'] == expected


def test_a_config_tells_twins_apart(twins, convert):
    done, content = convert(twins, config='tpc_motionbert_h36m')
    assert done.configs == content['meta']['configs'] == ['tpc_motionbert_h36m']


def test_motionagformer_is_refused_by_name(convert, tmp_path):
    state = {
        'joints_embed.weight': torch.zeros(4, 3),
        'layers.0.att_spatial.mixer.qkv.weight': torch.zeros(12, 4),
    }
    message = r'src\.pth: expected MixSTE, .*, got MotionAGFormer, which is not supp'
    with pytest.raises(ConversionError, match=message):
        convert(state)
    assert not (tmp_path / 'dst.pth').exists()


def test_every_name_of_the_references_is_known(references):
    folder, synthetic = references
    found = []
    for path in sorted(folder.glob('*.spec.json')):
        names = synthetic.load_spec(path)['state_dict']
        if 'motionagformer' in path.name:
            assert unsupported_lifter(names) == 'MotionAGFormer'
            assert recognise_lifter(names) is None
            continue
        assert unsupported_lifter(names) is None
        table = recognise_lifter(names)
        if table is not None:
            found.append(table.family)
            renamed = table.rename(names)
            assert None not in renamed.values(), path.name
            assert len(set(renamed.values())) == len(names), path.name
    assert sorted(found) == ['MHFormer'] * 2 + ['MixSTE'] * 3 + ['MotionBERT'] * 2
