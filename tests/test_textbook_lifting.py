"""The textbook's lifters compute what ours do."""

import pytest
import torch
from textbook_lifting import textbook_lifter_of

from ppt_mmpose.analysis.lifter_subject import load_lifter

SMALL = {
    'model.backbone.depth': 3,
    'model.backbone.feat_size': 16,
    'model.metainfo': None,
    'model.backbone.num_keypoints': 5,
    'model.backbone.seq_len': 21,
    'model.head.in_channels': 16,
}
PRUNED = {
    'model.backbone.hourglass.prune_blocks': (1,),
    'model.backbone.hourglass.kept_frames': (8,),
}


@pytest.mark.parametrize(
    'name', ['mixste', 'hot_mixste', 'tpc_mixste', 'motionbert', 'hot_motionbert']
)
def test_equal_to_ours(name):
    joints = {'model.head.num_keypoints': 5} if 'mixste' in name else {}
    glass = PRUNED if name.startswith(('hot', 'tpc')) else {}
    options = SMALL | joints | glass
    subject = load_lifter(f'{name}_h36m', cfg_options=options)
    for weight in subject.model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    keypoints = subject.keypoints(2)
    with torch.no_grad():
        ours = subject.forward('all', keypoints)()
        textbook = textbook_lifter_of(subject.model)(keypoints)
    assert ours.shape == (2, 8 if name.startswith('tpc') else 21, 5, 3)
    assert (ours - textbook).abs().max() < 1e-5 * ours.abs().max()


def test_mhformer_has_none():
    options = {
        'model.backbone.seq_len': 9,
        'model.backbone.feat_size': 8,
        'model.head.in_channels': 24,
    }
    subject = load_lifter('mhformer_h36m', cfg_options=options)
    assert textbook_lifter_of(subject.model) is None
