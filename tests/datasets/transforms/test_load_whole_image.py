"""The pixels that MMPose reads through Pillow, and its refusals."""

import io

import cv2
import numpy as np
import pytest
from mmpose.registry import TRANSFORMS
from PIL import Image

from ppt_mmpose.datasets.transforms import load_whole_image

OURS = TRANSFORMS.build(dict(type='LoadWholeImage'))
MMPOSES = TRANSFORMS.build(dict(type='LoadImage', imdecode_backend='pillow'))


def picture(mode):
    rng = np.random.RandomState(0)
    small = Image.fromarray(rng.randint(0, 256, (9, 12, 3), dtype=np.uint8))
    return small.resize((97, 61), Image.BICUBIC).convert(mode)


def encoded(mode, kind, **options):
    file = io.BytesIO()
    picture(mode).save(file, kind, **options)
    return file.getvalue()


ROTATED = Image.Exif()
ROTATED[0x0112] = 6
FILES = {
    'jpeg': (encoded('RGB', 'JPEG'), True),
    'progressive, chroma in full': (
        encoded('RGB', 'JPEG', progressive=True, subsampling=0), True),
    'grey': (encoded('L', 'JPEG'), True),
    'rotated': (encoded('RGB', 'JPEG', exif=ROTATED), True),
    'four inks': (encoded('CMYK', 'JPEG'), False),
    'something behind': (encoded('RGB', 'JPEG') + b'\0\0', False),
    'png': (encoded('RGB', 'PNG'), False),
    'transparent': (encoded('LA', 'PNG'), False),
}  # fmt: skip


@pytest.mark.parametrize('name', FILES)
def test_same_pixels(name, tmp_path, monkeypatch):
    content, by_opencv = FILES[name]
    path, calls, decode = tmp_path / 'image', [], cv2.imdecode
    path.write_bytes(content)
    monkeypatch.setattr(
        load_whole_image.cv2, 'imdecode', lambda *a: calls.append(1) or decode(*a)
    )
    ours, theirs = (load(dict(img_path=str(path), id=3)) for load in (OURS, MMPOSES))
    assert bool(calls) is by_opencv
    assert ours.keys() == theirs.keys()
    assert np.array_equal(ours['img'], theirs['img'])
    assert ours['img'].dtype == np.uint8
    assert ours['img'].flags.c_contiguous
    for key in ('img_shape', 'ori_shape', 'id'):
        assert ours[key] == theirs[key]
    assert ours['img_shape'] == ((97, 61) if name == 'rotated' else (61, 97))


def test_same_pixels_of_photographs(coco_sample):
    for path in sorted((coco_sample / 'images').glob('*.jpg'))[:20]:
        ours, theirs = (load(dict(img_path=str(path))) for load in (OURS, MMPOSES))
        assert np.array_equal(ours['img'], theirs['img']), path.name


@pytest.mark.parametrize('part', [0, 0.2, 0.5, 0.99])
def test_what_is_not_whole_is_refused(part, tmp_path):
    content = FILES['jpeg'][0]
    (tmp_path / 'a.jpg').write_bytes(content[: int(part * len(content))])
    with pytest.raises(OSError, match=r'on loading .*a\.jpg'):
        OURS(dict(img_path=str(tmp_path / 'a.jpg')))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'on loading .*a\.jpg'):
        OURS(dict(img_path=str(tmp_path / 'a.jpg')))


def test_an_image_that_is_there_stays():
    image = np.zeros((4, 5, 3), np.uint8)
    results = OURS(dict(img=image))
    assert results['img'] is image
    assert results['img_shape'] == (4, 5)
