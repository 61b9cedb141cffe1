from dataclasses import replace

import pytest

from ppt_mmpose.calibration import Calibration


def test_select_keeps_names_cameras_and_sizes_together(made_up):
    ring = made_up.ring(3)
    ring = replace(ring, image_sizes=((1, 2), None, (3, 4)))
    chosen = ring.select(['cam2', 'cam0'])
    assert len(chosen) == 2
    assert chosen.names == ('cam2', 'cam0')
    assert chosen.image_sizes == ((3, 4), (1, 2))
    wanted = ring.cameras.translation[[2, 0]].tolist()
    assert chosen.cameras.translation.tolist() == wanted
    assert ring.index('cam2') == 2
    with pytest.raises(
        ValueError, match="^camera 'left': the calibration has cam0, cam1, cam2$"
    ):
        ring.select(['left'])


def test_scaled(made_up):
    ring = made_up.ring(2)
    large = ring.scaled(1000)
    assert large.cameras.centres.tolist() == [
        pytest.approx(centre) for centre in (1000 * ring.cameras.centres).tolist()
    ]
    assert large.cameras.rotation.tolist() == ring.cameras.rotation.tolist()
    assert (large.names, large.image_sizes) == (ring.names, ring.image_sizes)


@pytest.mark.parametrize(
    ('names', 'sizes', 'message'),
    [
        (
            ('a',),
            (None, None),
            'calibration: expected as many names and image sizes as cameras, got 1 '
            r'names, cameras of shape \(2,\) and 2 sizes',
        ),
        (('a', 'a'), (None, None), r"names: expected each once, got \['a', 'a'\]"),
        (
            ('a', 'b'),
            (None, (0, 800)),
            r"image_sizes: expected \(width, height\) above 0 for camera 'b', got "
            r'\(0, 800\)',
        ),
    ],
)
def test_what_does_not_fit(made_up, names, sizes, message):
    with pytest.raises(ValueError, match=f'^{message}$'):
        Calibration(names, made_up.ring(2).cameras, sizes)
