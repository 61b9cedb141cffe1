"""Every model gives the numbers it gave when it agreed with its reference."""

import json

import pytest
from golden.record import FOLDER, observe

from ppt_mmpose.apis import config_names

NAMES = sorted(path.stem for path in FOLDER.glob('*.json'))


def test_every_config_has_a_record():
    assert config_names() == NAMES


@pytest.mark.parametrize('name', NAMES)
def test_numbers_have_not_drifted(name):
    golden = json.loads((FOLDER / f'{name}.json').read_text())
    now = observe(name)
    kind = 'poses' if 'poses' in golden else 'heatmaps'
    for exact in ('weights_sha256', 'parameters', f'{kind}_shape'):
        assert now[exact] == golden[exact], exact
    # Rounding differs by up to 1e-6, another epsilon of the layer norms by 6e-6.
    tolerance = 3e-6 * golden[f'{kind}_absmax']
    assert now[kind] == pytest.approx(golden[kind], abs=tolerance)
    assert now[f'{kind}_sum'] == pytest.approx(
        golden[f'{kind}_sum'], abs=tolerance * 1000
    )
    kept = {block: set(source) for block, source in now['kept'].items()}
    assert kept == {block: set(source) for block, source in golden['kept'].items()}
