"""Options of docs/hot.md and of docstrings in configs, as a user writes them."""

import ast
import re
import shlex
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options
from seeded_weights import joint_sequence

from ppt_mmpose.apis import config_names, find_config
from ppt_mmpose.tokens import (
    LinearRecovery,
    NearestRecovery,
    RecoveringAttention,
    attention_scores,
    motion_scores,
    uniform_scores,
)

HOURGLASS = 'model.backbone.hourglass.'
SMALL = ('model.backbone.feat_size=16', 'model.head.in_channels=16')
THIN = ('model.backbone.feat_size=16', 'model.head.in_channels=48')


def changed(name, *options):
    cfg = Config.fromfile(find_config(name))
    cfg.merge_from_dict(parsed_cfg_options(list(options)))
    return cfg


def run(name, *options):
    """A narrow model, and what it does with a sequence of its full length."""
    cfg = changed(name, *(THIN if 'mhformer' in name else SMALL), *options)
    torch.manual_seed(0)
    model = MODELS.build(cfg.model).eval()
    with torch.no_grad():
        out = model.backbone.encode(joint_sequence(*model.backbone.expected))
        assert model.head(out.tokens).shape[2:] == (17, 3)
    return model, out


def kept(out):
    return {pruning.block: pruning.source.shape[1] for pruning in out.prunings}


@pytest.mark.parametrize(
    ('name', 'options', 'counts', 'frames'),
    [
        ('hot_mixste_h36m', [], {3: 81}, 243),
        ('hot_mixste_h36m', ['prune_blocks="(2,)"'], {2: 81}, 243),
        ('hot_mixste_h36m', ['kept_frames="(16,)"'], {3: 16}, 243),
        (
            'hot_mixste_h36m',
            ['prune_blocks="(1,4)"', 'kept_frames="(121,27)"'],
            {1: 121, 4: 27},
            243,
        ),
        ('h2ot_mixste_h36m', [], {1: 162, 3: 81, 5: 54}, 243),
        ('hot_motionbert_h36m', ['kept_frames="(27,)"'], {1: 27}, 243),
        ('tpc_mixste_h36m', [], {7: 61}, 61),
        (
            'tpc_mixste_h36m',
            ['prune_blocks="(3,)"', 'kept_frames="(81,)"'],
            {3: 81},
            81,
        ),
        ('tpc_motionbert_h36m', [], {2: 121}, 121),
        ('tpc_mhformer_h36m', ['kept_frames="(27,)"'], {1: 27}, 27),
    ],
)
def test_blocks_and_numbers_of_frames(name, options, counts, frames):
    _, out = run(name, *(HOURGLASS + option for option in options))
    assert kept(out) == counts
    assert out.tokens.shape[1] == out.source.shape[1] == frames


@pytest.mark.parametrize('name', ['hot_mixste_h36m', 'tpc_motionbert_h36m'])
@pytest.mark.parametrize(
    ('selection', 'scores'),
    [
        ('uniform', uniform_scores),
        ('attention', attention_scores),
        ('motion', motion_scores),
    ],
)
def test_pruning_of_the_posters_ablation(name, selection, scores):
    model, out = run(name, f'{HOURGLASS}selection={selection}')
    assert model.backbone.hourglass.scores is scores
    _, clustered = run(name, f'{HOURGLASS}selection=cluster')
    assert kept(out) == kept(clustered)
    assert not torch.equal(out.prunings[0].source, clustered.prunings[0].source)


@pytest.mark.parametrize(
    ('recovery', 'kind'),
    [
        ('attention', RecoveringAttention),
        ('nearest', NearestRecovery),
        ('linear', LinearRecovery),
    ],
)
@pytest.mark.parametrize('name', ['hot_mixste_h36m', 'hot_motionbert_h36m'])
def test_recovery_of_the_posters_ablation(name, recovery, kind):
    model, out = run(name, f'{HOURGLASS}recovery={recovery}')
    assert isinstance(model.backbone.hourglass.recovery, kind)
    assert out.tokens.shape[1] == 243


def test_no_recovery():
    options = f'{HOURGLASS}recovery=None', 'model.test_cfg.output=centre'
    _, out = run('hot_mixste_h36m', *options)
    assert out.tokens.shape[1] == 81
    assert 121 in out.source[0]


def test_density_peaks():
    model, _ = run(
        'hot_mixste_h36m', f'{HOURGLASS}neighbours=5', f'{HOURGLASS}density_noise=1e-6'
    )
    scores = model.backbone.hourglass.scores
    assert (scores.neighbours, scores.noise) == (5, 1e-6)


def test_encodings_and_the_centre():
    model, _ = run('hot_mixste_h36m', f'{HOURGLASS}position=False')
    assert len(model.backbone.hourglass.positions) == 0
    options = f'{HOURGLASS}selection=uniform', f'{HOURGLASS}kept_frames="(2,)"'
    _, out = run('hot_mixste_h36m', *options)
    assert 121 not in out.prunings[0].source
    _, out = run('hot_mixste_h36m', *options, f'{HOURGLASS}keep_centre=True')
    assert 121 in out.prunings[0].source


def test_what_a_test_gives():
    options = 'model.test_cfg.flip_test=False', 'model.test_cfg.select_per_pass=False'
    test_cfg = changed('hot_mixste_h36m', *options).model.test_cfg
    assert test_cfg == dict(flip_test=False, select_per_pass=False)


@pytest.mark.parametrize(
    ('name', 'options', 'message'),
    [
        ('hot_mixste_h36m', ['prune_blocks="(8,)"'], r'prune_blocks: .* got \(8,\)'),
        ('hot_mixste_h36m', ['prune_blocks="(0,)"'], r'prune_blocks: .* got \(0,\)'),
        ('hot_mixste_h36m', ['kept_frames="(243,)"'], r'kept_frames: .* got \(243,\)'),
        ('hot_mixste_h36m', ['selection=best'], "selection: .* got 'best'"),
        ('hot_mixste_h36m', ['recovery=cubic'], "recovery: .* got 'cubic'"),
        ('hot_mixste_h36m', ['neighbors=3'], 'hourglass: expected .*neighbors'),
        ('h2ot_mixste_h36m', ['neighbours=3'], "selection='uniform': expected no nei"),
        ('hot_mixste_h36m', ['kept_frames="(81,27)"'], 'one for each of the prune_b'),
    ],
)
def test_bad_options_say_so(name, options, message):
    with pytest.raises(ValueError, match=message):
        run(name, *(HOURGLASS + option for option in options))


def test_frames_that_are_lost_cannot_be_chosen_twice():
    with pytest.raises(ValueError, match=r'select_per_pass: expected False'):
        run('tpc_mixste_h36m', 'model.test_cfg.select_per_pass=True')


def quoted_options():
    """Options in the docstrings of lifters' configs, with a leaf that they are for."""
    for name in config_names('sequences'):
        path = find_config(name)
        bases = Config._get_base_files(str(path))
        for file in (path, *(path.parent / base for base in bases)):
            docstring = ast.get_docstring(ast.parse(Path(file).read_text()))
            for quoted in re.findall(r'``([^`]+)``', docstring):
                words = shlex.split(quoted.replace('\n', ' '))
                # Others name an argument that is no option of its own.
                if all(re.match(r'\w+\.[\w.]+=', word) for word in words):
                    yield name, tuple(words)


QUOTED = sorted(set(quoted_options()))


def test_docstrings_quote_options():
    # All of them: a pattern that finds none would test none.
    assert {'mixste_h36m', 'tpc_mixste_h36m', 'motionbert_h36m'} <= {
        n for n, _ in QUOTED
    }


@pytest.mark.parametrize(('name', 'options'), QUOTED)
def test_options_of_docstrings_work(name, options):
    plain, cfg = changed(name), changed(name, *options)
    for option in options:
        *outer, last = option.partition('=')[0].split('.')
        if last not in ('output', 'stride', 'selection'):
            assert last in deep(plain, outer), option
    if any('num_keypoints' in option for option in options):
        assert MODELS.build(cfg.model).backbone.expected[1] == 15
    else:
        MODELS.build(cfg.model)


def deep(cfg, keys):
    for key in keys:
        cfg = cfg[key]
    return cfg
