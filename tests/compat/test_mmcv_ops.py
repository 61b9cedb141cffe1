import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torchvision import ops

from ppt_mmpose.compat import mmcv_ops

compiled = importlib.util.find_spec('mmcv._ext').loader is not None
with_stand_in = pytest.mark.skipif(compiled, reason='mmcv has its own ops here')

PACKAGE = Path(mmcv_ops.__file__).parents[1]
BOXES = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30]])
SCORES = torch.tensor([0.8, 0.9, 0.5])


def test_nms_counts_the_last_pixel_with_an_offset():
    keep = mmcv_ops.nms(BOXES, SCORES, iou_threshold=0.5, offset=0)
    assert keep.tolist() == [1, 2]
    # Two boxes of 2x1 px with an offset of 1 that share one of three px: 1/3.
    pair = torch.tensor([[0.0, 0, 1, 0], [1, 0, 2, 0]])
    for threshold, kept in ((0.3, 1), (0.35, 2)):
        assert (
            len(mmcv_ops.nms(pair, SCORES[:2], iou_threshold=threshold, offset=1))
            == kept
        )


@with_stand_in
def test_mmcv_uses_it():
    from mmcv.ops import nms

    _, kept = nms(BOXES, SCORES, 0.5)
    assert kept.tolist() == [1, 2]


@with_stand_in
def test_roi_align_with_gradient():
    from mmcv.ops import roi_align

    features = torch.randn(1, 2, 8, 8, requires_grad=True)
    rois = torch.tensor([[0.0, 1, 1, 6, 6]])
    ours = roi_align(features, rois, (2, 2), 1.0, 2, 'avg', True)
    theirs = ops.roi_align(features, rois, (2, 2), 1.0, 2, True)
    assert torch.allclose(ours, theirs)
    (gradient,) = torch.autograd.grad(ours.sum(), features)
    (expected,) = torch.autograd.grad(theirs.sum(), features)
    assert torch.allclose(gradient, expected)


@with_stand_in
def test_other_ops_name_themselves_and_the_cure():
    from mmcv.ops import roi_align, sigmoid_focal_loss

    with pytest.raises(RuntimeError, match=r"'sigmoid_focal_loss_forward'.*pip inst"):
        sigmoid_focal_loss(torch.zeros(2, 3), torch.zeros(2, dtype=torch.long))
    with pytest.raises(RuntimeError, match='max pooling'):
        roi_align(torch.zeros(1, 1, 4, 4), torch.zeros(1, 5), 1, 1.0, 0, 'max', True)


def test_the_real_mmcv_is_left_alone(tmp_path):
    (tmp_path / 'mmcv').mkdir()
    (tmp_path / 'mmcv' / '__init__.py').touch()
    (tmp_path / 'mmcv' / '_ext.py').write_text('real = True')
    code = (
        'import sys, types\n'
        # Without registration, which wants the whole mmcv.
        'package = types.ModuleType("ppt_mmpose")\n'
        'package.__path__ = [sys.argv[1]]\n'
        'sys.modules["ppt_mmpose"] = package\n'
        'from ppt_mmpose.compat import mmcv_ops as ops\n'
        'ops.apply(); ops.apply()\n'
        'import mmcv._ext\n'
        'assert mmcv._ext.real\n'
    )
    command = [sys.executable, '-c', code, str(PACKAGE)]
    subprocess.run(command, cwd=tmp_path, check=True)


@with_stand_in
def test_applying_twice_keeps_the_same_stand_in():
    before = sys.modules['mmcv._ext']
    mmcv_ops.apply()
    assert sys.modules['mmcv._ext'] is before


@pytest.mark.skipif(not compiled, reason='mmcv-lite has no ops to compare with')
def test_the_stand_in_gives_what_the_real_op_gives():
    from mmcv.ops import nms

    torch.manual_seed(0)
    corners = torch.rand(50, 2) * 20
    boxes = torch.cat((corners, corners + torch.rand(50, 2) * 20), dim=1)
    scores = torch.rand(50)
    for offset in (0, 1):
        _, kept = nms(boxes, scores, 0.5, offset=offset)
        ours = mmcv_ops.nms(boxes, scores, iou_threshold=0.5, offset=offset)
        assert ours.tolist() == kept.tolist()
        assert len(ours) < 50
