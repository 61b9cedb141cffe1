"""Every model gives the numbers it gave when it agreed with its reference."""

import json

import pytest
from golden.record import FOLDER, observe

NAMES = sorted(path.stem for path in FOLDER.glob('*.json'))


@pytest.mark.parametrize('name', NAMES)
def test_numbers_have_not_drifted(name):
    golden = json.loads((FOLDER / f'{name}.json').read_text())
    now = observe(name)
    for exact in ('weights_sha256', 'parameters', 'heatmaps_shape'):
        assert now[exact] == golden[exact], exact
    # Rounding differs by up to 1e-6, another epsilon of the layer norms by 6e-6.
    tolerance = 3e-6 * golden['heatmaps_absmax']
    assert now['heatmaps'] == pytest.approx(golden['heatmaps'], abs=tolerance)
    assert now['heatmaps_sum'] == pytest.approx(
        golden['heatmaps_sum'], abs=tolerance * 1000
    )
    kept = {block: set(source) for block, source in now['kept'].items()}
    assert kept == {block: set(source) for block, source in golden['kept'].items()}
