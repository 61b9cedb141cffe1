"""Converted weights reproduce the released models' outputs and kept tokens.

The references cannot be shipped; golden values guard what they proved.
"""

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import load_checkpoint
from mmpose.registry import MODELS

from ppt_mmpose.apis import find_config
from ppt_mmpose.converters import convert_checkpoint

CONFIGS = {
    'ppt_s': 'ppt_s_coco',
    'tokenpose_s_v1': 'tokenpose_s_v1_coco',
    'tokenpose_b': 'tokenpose_b_coco',
    'tokenpose_l_d6': 'tokenpose_l_d6_coco',
}


@pytest.mark.parametrize('variant', CONFIGS)
def test_outputs_and_kept_tokens_agree(variant, references, tmp_path):
    folder, synthetic = references
    arrays, meta = synthetic.load_bundle(folder / f'{variant}.npz')
    spec = synthetic.load_spec(folder / f'{variant}.spec.json')
    torch.save(synthetic.synthetic_state_dict(spec), tmp_path / 'released.pth')
    convert_checkpoint(
        str(tmp_path / 'released.pth'),
        str(tmp_path / 'ours.pth'),
        config=CONFIGS[variant],
    )
    model = MODELS.build(Config.fromfile(find_config(CONFIGS[variant])).model)
    load_checkpoint(model, str(tmp_path / 'ours.pth'), strict=True)
    model.eval()
    images = synthetic.synthetic_inputs(meta)['image']
    with torch.no_grad():
        features = model.backbone(images)
        encoded = model.neck.encode(features[-1])
        heatmaps = model(images, None, mode='tensor')
    expected = torch.from_numpy(arrays['output'])
    difference = (heatmaps - expected).abs().max() / expected.abs().max()
    # Rounding gives 7e-7; another epsilon of the layer norms already 6e-6.
    assert difference <= 3e-6
    kept = {f'kept_after_block{p.block}': p.source for p in encoded.prunings}
    assert kept.keys() == {key for key in arrays if key.startswith('kept_after')}
    for key, source in kept.items():
        for ours, theirs in zip(source.tolist(), arrays[key].tolist()):
            assert set(ours) == set(theirs), key


def test_several_views_agree(references, tmp_path):
    folder, synthetic = references
    arrays, meta = synthetic.load_bundle(folder / 'mv_ppt_s.npz')
    spec = synthetic.load_spec(folder / 'mv_ppt_s.spec.json')
    torch.save(synthetic.synthetic_state_dict(spec), tmp_path / 'released.pth')
    paths = str(tmp_path / 'released.pth'), str(tmp_path / 'ours.pth')
    convert_checkpoint(*paths, config='mv_ppt_s_h36m')
    model = MODELS.build(Config.fromfile(find_config('mv_ppt_s_h36m')).model).eval()
    load_checkpoint(model, paths[1], strict=True)
    inputs, views = synthetic.synthetic_inputs(meta), range(meta['num_views'])
    images = torch.stack([inputs[f'image_{view}'] for view in views], dim=1)
    rays = torch.stack(
        [inputs[f'ray_{view}'] - inputs[f'center_{view}'] for view in views], dim=1
    )
    rays = torch.nn.functional.normalize(rays, dim=-1).flatten(0, 1)
    places = torch.arange(len(rays)).view(images.shape[:2])
    with torch.no_grad():
        features = model.backbone(images.flatten(0, 1))[-1]
        encoded = model.neck.encode_views(features, rays, places)
        heatmaps = model.head(model.neck.keypoint_features(encoded))
    expected = torch.from_numpy(arrays['output']).transpose(0, 1).flatten(0, 1)
    difference = (heatmaps - expected).abs().max() / expected.abs().max()
    assert difference <= 3e-6
    kept = {f'kept_after_block{p.block}': p.source for p in encoded.prunings}
    assert kept.keys() == {key for key in arrays if key.startswith('kept_after')}
    for key, source in kept.items():
        theirs = torch.from_numpy(arrays[key]).transpose(0, 1).flatten(0, 1)
        assert torch.equal(source.sort(1)[0], theirs.long().sort(1)[0]), key


LIFTERS = {
    'mixste': 'mixste_h36m',
    'hot_mixste': 'hot_mixste_h36m',
    'tpc_mixste': 'tpc_mixste_h36m',
    'mhformer': 'mhformer_h36m',
    'motionbert': 'motionbert_h36m',
    'hot_motionbert': 'hot_motionbert_h36m',
}


@pytest.mark.parametrize('variant', LIFTERS)
def test_lifters_agree(variant, references, tmp_path):
    folder, synthetic = references
    arrays, meta = synthetic.load_bundle(folder / f'{variant}.npz')
    spec = synthetic.load_spec(folder / f'{variant}.spec.json')
    torch.save(synthetic.synthetic_state_dict(spec), tmp_path / 'released.pth')
    paths = str(tmp_path / 'released.pth'), str(tmp_path / 'ours.pth')
    convert_checkpoint(*paths, config=LIFTERS[variant])
    model = MODELS.build(Config.fromfile(find_config(LIFTERS[variant])).model).eval()
    load_checkpoint(model, paths[1], strict=True)
    (keypoints,) = synthetic.synthetic_inputs(meta).values()
    if model.backbone.hourglass is None:
        assert_lifted_alike(model, keypoints, arrays, '')
        return
    scores = model.backbone.hourglass.scores
    scores.break_ties = False
    scores.noise = torch.from_numpy(arrays['density_noise'])
    source = assert_lifted_alike(model, keypoints, arrays, '')
    assert torch.equal(source, torch.from_numpy(arrays['kept_frames']).long())
    scores.noise = None
    source = assert_lifted_alike(model, keypoints, arrays, '_zero_noise')
    kept = torch.from_numpy(arrays['kept_frames_zero_noise']).long()
    assert torch.equal(source, kept)


def assert_lifted_alike(model, keypoints, arrays, which):
    """Compare all poses that come out; the frames that were kept, if any."""
    with torch.no_grad():
        out = model.backbone.encode(keypoints)
        poses = model.head(out.tokens)
    expected = torch.from_numpy(arrays['output' + which])
    assert poses.shape == expected.shape
    # Rounding gives up to 2.5e-6.
    assert (poses - expected).abs().max() <= 3e-6 * expected.abs().max()
    return out.prunings[0].source if out.prunings else None
