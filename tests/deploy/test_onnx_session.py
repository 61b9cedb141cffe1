"""Reading exported files; and rtmlib reads them, too."""

import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.codecs import UDPHeatmap
from small_export import (
    CONFIG,
    OPTIONS,
    PEAKS,
    SIZE,
    WHY,
    build,
    checkpoint,
    config,
    skip_without_exporter,
)

from ppt_mmpose.datasets.synthetic import picture
from ppt_mmpose.deploy.export_onnx import export_onnx
from ppt_mmpose.deploy.onnx_session import OnnxPose

BOX = (40.0, 30.0, 150.0, 220.0)


@pytest.fixture(scope='module')
def file(tmp_path_factory):
    """One that rtmlib can take."""
    skip_without_exporter()
    folder = tmp_path_factory.mktemp('exported')
    out = str(folder / 'rtmlib.onnx')
    weights = checkpoint(folder)
    export_onnx(CONFIG, weights, out=out, for_rtmlib=True, cfg_options=OPTIONS)
    return out


@pytest.fixture(scope='module')
def image():
    return picture(0, 1, 3, (192, 256))[0]


def by_mmpose(image, boxes):
    """Keypoints and scores by MMPose's own way from an image and boxes, unflipped."""
    from mmpose.apis import inference_topdown

    model = build()
    model.cfg = config()
    model.dataset_meta = dict(flip_indices=list(range(17)))
    model.test_cfg['flip_test'] = False
    samples = inference_topdown(model, image, np.array(boxes))
    found = [InstanceData(**dict(s.pred_instances.items())) for s in samples]
    return (
        np.concatenate([each.keypoints for each in found]),
        np.concatenate([each.keypoint_scores for each in found]),
    )


def test_from_an_image_and_boxes_as_mmpose(file, image):
    boxes = [BOX, (10.0, 10.0, 100.0, 90.0)]
    keypoints, scores = OnnxPose(file, threads=1)(image, boxes)
    expected, expected_scores = by_mmpose(image, boxes)
    assert abs(keypoints - expected).max() < 0.05
    assert abs(scores - expected_scores).max() < 1e-4


def test_the_whole_image_is_the_box_when_there_is_none(file, image):
    pose = OnnxPose(file, keep_ratio=0.7, threads=1)
    found, expected = pose(image), pose(image, [(0, 0, 192, 256)])
    for each, other in zip(found, expected):
        assert (each == other).all()


def test_another_keep_ratio_is_refused(file):
    with pytest.raises(ValueError, match=r'rtmlib.onnx was exported for 0.7, got 0.5'):
        OnnxPose(file, keep_ratio=0.5)


@pytest.mark.parametrize(
    ('shape', 'kind'),
    [
        ((1, 3, 96, 128), np.float32),
        ((3, 128, 96), np.float32),
        ((1, 1, 128, 96), np.float32),
        ((1, 3, 128, 96), np.float64),
    ],
)
def test_images_of_another_shape_are_refused(file, shape, kind):
    message = r'images: expected \(B, 3, 128, 96\) of float32, got \('
    with pytest.raises(ValueError, match=message):
        OnnxPose(file, threads=1).run(np.zeros(shape, kind))


def test_files_of_others_are_refused(file, tmp_path):
    import onnx

    model = onnx.load(file)
    del model.metadata_props[:]
    onnx.save(model, str(tmp_path / 'theirs.onnx'))
    with pytest.raises(ValueError, match=r'theirs.onnx: expected a file that tools'):
        OnnxPose(str(tmp_path / 'theirs.onnx'))
    (tmp_path / 'text.onnx').write_text('no graph')
    with pytest.raises(ValueError, match='text.onnx: ONNX Runtime cannot read it'):
        OnnxPose(str(tmp_path / 'text.onnx'))
    with pytest.raises(FileNotFoundError, match=r'found no none.onnx'):
        OnnxPose('none.onnx')


def test_rtmlib_finds_what_pytorch_finds(file, image):
    rtmlib = pytest.importorskip('rtmlib', reason=WHY)
    theirs = rtmlib.ViTPose(file, model_input_size=SIZE)
    found, found_scores = theirs(image, [BOX])
    # PyTorch on the crop that rtmlib cut, in RGB; decoded by MMPose's codec.
    crop, centre, scale = theirs.preprocess(image, BOX)
    pixels = (crop * theirs.std + theirs.mean)[..., ::-1]
    inputs = torch.from_numpy((pixels - theirs.mean) / theirs.std).float()
    model = build()
    with torch.inference_mode():
        heatmaps = model(inputs.permute(2, 0, 1)[None], None, mode='tensor')
    keypoints, scores = model.head.decoder.decode(heatmaps[0].numpy())
    expected = (keypoints / SIZE - 0.5) * scale + centre
    np.testing.assert_allclose(found_scores, scores, atol=1e-4)
    # Near a border their blur sees a mirrored heatmap, and MMPose's zeros.
    near = peaks_near_border(heatmaps[0].numpy(), 6)
    assert 10 <= (~near).sum() < 17
    apart = abs(found - expected).max(-1)[0]
    assert apart[~near].max() < 0.05
    assert apart[near].max() < 8


def test_rtmlibs_decoding_differs_near_borders_only(file):
    rtmlib = pytest.importorskip('rtmlib', reason=WHY)
    theirs = rtmlib.ViTPose(file, model_input_size=(192, 256))
    codec = UDPHeatmap((192, 256), (48, 64))
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:64, :48]
    for nearest, farthest, least, most in (
        (8, 39, 0, 1e-3),
        (5, 8, 1e-3, 0.05),
        (0, 5, 1, 8),
    ):
        places = rng.uniform((nearest, 8), (farthest, 55), (100, 2))
        heatmaps = np.stack(
            [np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8) for x, y in places]
        ).astype(np.float32)
        ours, _ = codec.decode(heatmaps)
        centre, size = np.array((96, 128)), np.array((192, 256))
        found, _ = theirs.postprocess([heatmaps[None].copy()], centre, size)
        assert least <= abs(found - ours).max() < most


def peaks_near_border(heatmaps, cells):
    _, height, width = heatmaps.shape
    rows, columns = np.divmod(heatmaps.reshape(len(heatmaps), -1).argmax(1), width)
    from_edge = np.minimum.reduce(
        (rows, columns, height - 1 - rows, width - 1 - columns)
    )
    return from_edge < cells


def test_rtmlibs_custom_solution_takes_the_file(file, image):
    rtmlib = pytest.importorskip('rtmlib', reason=WHY)
    custom = rtmlib.Custom(pose_class='ViTPose', pose=file, pose_input_size=SIZE)
    keypoints, scores = custom(image)
    assert (keypoints.shape, scores.shape) == ((1, 17, 2), (1, 17))
    height, width = image.shape[:2]
    expected, _ = rtmlib.ViTPose(file, SIZE)(image, [(0, 0, width, height)])
    assert (keypoints == expected).all()


def test_rtmlibs_crop_is_up_to_a_pixel_apart(file):
    """Of the crop: it scales by the size, UDP by the size less one."""
    rtmlib = pytest.importorskip('rtmlib', reason=WHY)
    theirs, ours = rtmlib.ViTPose(file, model_input_size=SIZE), OnnxPose(file)
    box = (100.0, 100.0, 400.0, 500.0)
    ours_box = np.array(box).reshape(2, 2)
    # The same crop, though rtmlib's padding is always 1.25.
    middle, half = ours_box.mean(0), (ours_box[1] - ours_box[0]) / 2 * 1.25 / 1.05
    ours_box = [(*(middle - half), *(middle + half))]
    apart = []
    for share in (0.1, 0.5, 0.9):
        at = middle + (share - 0.5) * np.array((375, 500))
        rows, columns = np.mgrid[:600, :500]
        dot = 255 * np.exp(-((columns - at[0]) ** 2 + (rows - at[1]) ** 2) / 200)
        image = np.repeat(dot[..., None], 3, 2).astype(np.uint8)
        crop = theirs.preprocess(image, box)[0] * theirs.std + theirs.mean
        other = ours.metadata.normalisation.undo(ours.crop(image, ours_box)[0])[0]
        apart.append(centroid(crop) - centroid(other))
    np.testing.assert_allclose(apart, [[0.1] * 2, [0.5] * 2, [0.9] * 2], atol=0.05)


def centroid(crop):
    weight = crop[..., 0]
    rows, columns = np.mgrid[: weight.shape[0], : weight.shape[1]]
    return np.array([(weight * each).sum() / weight.sum() for each in (columns, rows)])


def test_peaks_of_the_small_model_are_where_they_were_put(file):
    found = OnnxPose(file).run(np.zeros((1, 3, 128, 96), np.float32))['heatmaps'][0]
    places = found.reshape(17, -1).argmax(1)
    rounded = {(round(x), round(y)) for x, y, _ in PEAKS}
    near = {(x + i, y + j) for x, y in rounded for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert {(place % 24, place // 24) for place in places.tolist()} <= near


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(boxes=[(1, 2, 3)]), r'boxes: expected \(left, top, right, bottom\)'),
        (dict(boxes=[(50, 60, 4, 3)]), 'boxes: expected .* with left < right'),
        (dict(boxes=[(float('nan'), 60, 70, 80)]), 'boxes: expected .* with left'),
        (dict(boxes=[]), 'boxes: expected one or more, got none'),
        (dict(image=None), 'image: expected .* got NoneType'),
        (dict(image=np.zeros((9, 9), np.uint8)), r'image: expected .* got \(9, 9\)'),
        (dict(image=np.zeros((9, 9, 3))), 'image: expected .* of float64'),
    ],
)
def test_what_is_no_image_or_box_is_refused(file, image, wrong, message):
    given = dict(image=image, boxes=[BOX]) | wrong
    with pytest.raises(ValueError, match=message):
        OnnxPose(file, threads=1)(given['image'], given['boxes'])


def test_less_than_one_thread_is_refused(file):
    with pytest.raises(ValueError, match='threads: expected 1 or more, got 0'):
        OnnxPose(file, threads=0)
