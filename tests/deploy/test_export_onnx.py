"""One export of each kind, looked at from all sides."""

import json
import subprocess
import sys
from pathlib import Path

import fused_weights
import numpy as np
import pytest
import torch
from small_export import (
    CONFIG,
    KEPT,
    OPTIONS,
    build,
    checkpoint,
    images,
    skip_without_exporter,
)

from ppt_mmpose.apis import find_config
from ppt_mmpose.deploy import export_onnx as exporting
from ppt_mmpose.deploy.export_onnx import export_onnx, export_report
from ppt_mmpose.deploy.onnx_session import OnnxPose
from ppt_mmpose.deploy.parity import ParityError
from ppt_mmpose.models.strict_loading import MisfitError
from ppt_mmpose.version import __version__

TOOL = Path(__file__).parents[2] / 'tools' / 'export_onnx.py'


@pytest.fixture(scope='module')
def weights(tmp_path_factory):
    return checkpoint(tmp_path_factory.mktemp('weights'))


@pytest.fixture(scope='module')
def exported(weights, tmp_path_factory):
    """Of heatmaps and kept patches, and the program that PyTorch made for it."""
    skip_without_exporter()
    programs = []

    def build_onnx(*args, **kwargs):
        programs.append(build_once(*args, **kwargs))
        return programs[-1]

    build_once = exporting.build_onnx
    out = tmp_path_factory.mktemp('exported') / 'heatmaps.onnx'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, 'build_onnx', build_onnx)
        done = export_onnx(
            CONFIG, weights, out=str(out), with_kept=True, cfg_options=OPTIONS
        )
    return done, programs[0]


@pytest.fixture(scope='module')
def decoded(weights, tmp_path_factory):
    """By the tool, as a user types it; with another keep ratio."""
    skip_without_exporter()
    folder = tmp_path_factory.mktemp('decoded')
    options = [f'{key}={str(value).replace(" ", "")}' for key, value in OPTIONS.items()]
    command = [sys.executable, str(TOOL), CONFIG, weights, '--decode']
    command += ['--out', 'made/decoded.onnx', '--keep-ratio', '0.5']
    result = subprocess.run(
        [*command, '--cfg-options', *options],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert result.returncode == 0, result.stderr
    assert [path.name for path in (folder / 'made').iterdir()] == ['decoded.onnx']
    return folder / 'made' / 'decoded.onnx', result.stdout


def of_pytorch(inputs, keep_ratio=0.7):
    model = build()
    model.neck.set_keep_ratio(keep_ratio)
    with torch.inference_mode():
        out = model.neck.encode(model.backbone(inputs)[-1])
        heatmaps = model.head(model.neck.keypoint_features(out))
    return heatmaps.numpy(), out.prunings, model


@pytest.mark.parametrize('batch', [1, 3])
def test_heatmaps_of_any_number_of_images(exported, batch):
    pose = OnnxPose(exported[0].file)
    inputs = images(batch)
    found = pose.run(inputs.numpy())
    expected, _, _ = of_pytorch(inputs)
    assert found['heatmaps'].dtype == np.float32
    assert abs(found['heatmaps'] - expected).max() <= 1e-5 * abs(expected).max()
    # The model looks at what it is given.
    assert abs(expected - of_pytorch(images(batch, seed=2))[0]).max() > 0.01


def test_the_same_patches_are_kept(exported):
    found = OnnxPose(exported[0].file).run(images(3).numpy())
    _, prunings, _ = of_pytorch(images(3))
    assert list(found) == ['heatmaps', 'kept_0', 'kept_1']
    for pruning in prunings:
        kept = found[f'kept_{pruning.block}']
        assert kept.shape == (3, KEPT[str(pruning.block)])
        # In the same order, too: that of the scores.
        assert (kept == pruning.source.numpy()).all()


def test_keypoints_of_the_tool_are_those_of_mmposes_codec(decoded):
    pose = OnnxPose(str(decoded[0]), keep_ratio=0.5)
    found = pose.run(images(3).numpy())
    heatmaps, prunings, model = of_pytorch(images(3), keep_ratio=0.5)
    assert [pruning.source.shape[1] for pruning in prunings] == [32, 16]
    assert list(found) == ['keypoints', 'scores']
    expected = [model.head.decoder.decode(each) for each in heatmaps]
    keypoints, scores = (np.concatenate(each) for each in zip(*expected))
    assert abs(found['keypoints'] - keypoints).max() < 0.01
    assert abs(found['scores'] - scores).max() < 1e-5
    assert scores.min() > 0.5


def test_the_tool_tells_how_it_compares(decoded):
    lines = dict(line.split(':', 1) for line in decoded[1].splitlines() if ':' in line)
    assert lines['written'].split()[0] == 'made/decoded.onnx'
    assert lines['model'].strip() == f'{CONFIG}, keep ratio 0.5'
    assert lines['outputs'].strip() == 'keypoints, scores'
    assert lines['kept sets'].strip() == 'all 16 equal'
    assert float(lines['heatmaps'].split()[2]) <= 1e-5
    assert float(lines['keypoints'].split()[2]) <= 0.01


def test_the_report_of_heatmaps(exported):
    done, _ = exported
    parity = done.parity
    assert (parity.images, parity.kept_sets) == (8, 16)
    assert parity.compared + parity.undetermined == 8 * 17
    assert parity.compared > 7 * 17
    assert 0 < parity.heatmaps <= 1e-5
    assert 0 < parity.keypoints <= 0.01
    assert f'({done.bytes / 1e6:.1f} MB)' in export_report(done)
    assert done.bytes == Path(done.file).stat().st_size


def test_the_file_says_what_it_is(exported):
    import onnx

    model = onnx.load(exported[0].file)
    assert [(each.domain, each.version) for each in model.opset_import] == [('', 20)]
    about = {each.key: json.loads(each.value) for each in model.metadata_props}
    names = about.pop('ppt_mmpose.keypoint_names')
    assert (names[0], len(names)) == ('nose', 17)
    codec = about.pop('ppt_mmpose.codec')
    assert (codec['type'], codec['blur_kernel_size']) == ('UDPHeatmap', 11)
    assert about == {
        f'ppt_mmpose.{key}': value
        for key, value in dict(
            version=__version__,
            config=CONFIG,
            keep_ratio=0.7,
            kept_counts=KEPT,
            input_size=[96, 128],
            channel_order='RGB',
            mean=[123.675, 116.28, 103.53],
            std=[58.395, 57.12, 57.375],
            decoded=False,
            box_padding=1.05,
            udp=True,
            opset=20,
        ).items()
    }
    (given,) = model.graph.input
    sizes = [d.dim_param or d.dim_value for d in given.type.tensor_type.shape.dim]
    assert (given.name, sizes) == ('input', ['batch', 3, 128, 96])


def test_the_graph_has_one_operator_for_what_has_one(exported):
    import onnx

    kinds = [node.op_type for node in onnx.load(exported[0].file).graph.node]
    assert 'BatchNormalization' not in kinds
    # Norms: two of a block and two of the head; both prunings sort.
    assert [kinds.count(k) for k in ('Gelu', 'LayerNormalization', 'TopK')] == [3, 8, 2]


def test_unread_outputs_are_not_computed(exported):
    import onnx

    whole = onnx.load(exported[0].file)
    from ppt_mmpose.deploy.onnx_graph import as_file

    part = onnx.load_from_string(as_file(exported[1], ['heatmaps'], {}))
    gathers = [
        sum(node.op_type == 'GatherElements' for node in each.graph.node)
        for each in (whole, part)
    ]
    # The original index of what the second pruning keeps.
    assert gathers[0] > gathers[1]


def broken(exported, weights, tmp_path, monkeypatch, **options):
    """Export, with a graph of other weights."""
    monkeypatch.setattr(exporting, 'build_onnx', lambda *_, **__: exported[1])
    other = checkpoint(tmp_path, seed=1)
    return export_onnx(
        CONFIG, other, out=str(tmp_path / 'it.onnx'), cfg_options=OPTIONS, **options
    )


def test_a_graph_that_differs_leaves_no_file(exported, weights, tmp_path, monkeypatch):
    with pytest.raises(ParityError, match='drawn person 1: '):
        broken(exported, weights, tmp_path, monkeypatch)
    assert [path.name for path in tmp_path.iterdir()] == ['seed_1.pth']


def test_a_graph_that_differs_leaves_the_file_before(
    exported, weights, tmp_path, monkeypatch
):
    (tmp_path / 'it.onnx').write_text('an older one')
    with pytest.raises(ParityError):
        broken(exported, weights, tmp_path, monkeypatch)
    assert (tmp_path / 'it.onnx').read_text() == 'an older one'
    assert len(list(tmp_path.iterdir())) == 2


def test_images_to_compare_on(exported, weights, tmp_path, monkeypatch, coco_sample):
    monkeypatch.setattr(exporting, 'build_onnx', lambda *_, **__: exported[1])
    files = sorted(str(path) for path in (coco_sample / 'images').iterdir())[:3]
    out = str(tmp_path / 'it.onnx')
    done = export_onnx(CONFIG, weights, out=out, images=files, cfg_options=OPTIONS)
    assert (done.parity.images, done.parity.kept_sets) == (3, 6)
    assert done.outputs == ('heatmaps',)


@pytest.mark.parametrize(
    ('options', 'error', 'message'),
    [
        (dict(opset=3), ValueError, 'opset: expected 18 to 23, got 3'),
        (dict(opset=999), ValueError, 'opset: expected 18 to 23, got 999'),
        (dict(keep_ratio=0), ValueError, r'keep_ratio: expected .* in \(0, 1\], got 0'),
        (dict(keep_ratio=1.2), ValueError, 'keep_ratio: expected .*, got 1.2'),
        (dict(decode=True, for_rtmlib=True), ValueError, 'decode: rtmlib decodes'),
        (dict(images=['nobody.jpg']), FileNotFoundError, 'images: .* nobody.jpg'),
    ],
)
def test_what_cannot_be_is_named(weights, tmp_path, options, error, message):
    skip_without_exporter()
    out = tmp_path / 'new' / 'it.onnx'
    with pytest.raises(error, match=message):
        export_onnx(
            CONFIG, weights, out=str(out), **dict(cfg_options=OPTIONS) | options
        )
    assert not out.parent.exists()


def test_weights_of_another_model_are_refused(weights):
    skip_without_exporter()
    with pytest.raises(
        MisfitError, match='in the file, not in the model: head.projection'
    ):
        export_onnx(CONFIG, weights)
    with pytest.raises(FileNotFoundError, match='checkpoint: .* none.pth'):
        export_onnx(CONFIG, 'none.pth')


def test_another_codec_is_refused_where_the_graph_decodes(weights):
    skip_without_exporter()
    options = OPTIONS | {'model.head.decoder.heatmap_type': 'combined'}
    with pytest.raises(ValueError, match="UDPHeatmap with heatmap_type='combined'"):
        export_onnx(CONFIG, weights, decode=True, cfg_options=options)


def test_a_model_without_tokens_is_refused(tmp_path):
    skip_without_exporter()
    from mmpose.registry import MODELS

    name = 'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    name += 'td-hm_res50_8xb64-210e_coco-256x192.py'
    from mmengine.config import Config

    model = MODELS.build(Config.fromfile(find_config(name)).model)
    path = tmp_path / 'resnet.pth'
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    with pytest.raises(ValueError, match='expected a model with a TokenPoseNeck'):
        export_onnx(name, str(path))


def test_a_distiller_is_refused(weights):
    message = 'config of a pose estimator, got that of a .*TokenDistiller.*export_stud'
    with pytest.raises(ValueError, match=message):
        export_onnx('dppt_s_synthetic', weights)


def test_views_that_are_fused_are_refused(tmp_path):
    skip_without_exporter()
    with pytest.raises(ValueError, match=f'^{fused_weights.REFUSAL}$'):
        export_onnx(
            fused_weights.CONFIG,
            fused_weights.fused_weights(tmp_path),
            out=str(tmp_path / 'it.onnx'),
        )
    assert not (tmp_path / 'it.onnx').exists()


def test_missing_packages_are_named(weights, monkeypatch):
    from ppt_mmpose.deploy import onnx_graph

    monkeypatch.setattr(onnx_graph, 'PACKAGES', ('onnx_of_nobody',))
    with pytest.raises(ImportError, match=r'onnx_of_nobody: pip install "ppt_mmpose\['):
        export_onnx(CONFIG, weights, cfg_options=OPTIONS)


def test_an_old_pytorch_is_named(weights, monkeypatch):
    from ppt_mmpose.deploy import onnx_graph

    monkeypatch.setattr(onnx_graph, 'PACKAGES', ())
    monkeypatch.setattr(torch.onnx, 'export', lambda model, args, f: None)
    with pytest.raises(ImportError, match='PyTorch 2.6 or newer'):
        export_onnx(CONFIG, weights, cfg_options=OPTIONS)


def test_the_tool_says_which_opsets_there_are():
    # It cannot import them, because it answers --help without MMPose.
    from ppt_mmpose.deploy.onnx_graph import DEFAULT_OPSET, OPSETS

    text = ' '.join(TOOL.read_text().split())
    lowest, highest = OPSETS
    assert f'default={DEFAULT_OPSET}, ' in text
    assert f'{lowest} to {highest}; by default {DEFAULT_OPSET}' in text


def test_the_tool_says_that_nothing_was_written(weights, tmp_path):
    skip_without_exporter()
    command = [sys.executable, str(TOOL), CONFIG, weights, '--opset', '3']
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-2:] == [
        'error: opset: expected 18 to 23, got 3',
        'Nothing was written.',
    ]
    assert not list(tmp_path.iterdir())
