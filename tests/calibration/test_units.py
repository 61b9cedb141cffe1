import pytest

from ppt_mmpose.calibration.units import metres


def test_metres():
    assert [metres(unit) for unit in ('m', 'cm', 'mm', 0.15, '0.15')] == [
        1,
        0.01,
        0.001,
        0.15,
        0.15,
    ]


@pytest.mark.parametrize('unit', ['inch', 0, -1, float('nan'), 'inf', ''])
def test_what_is_no_unit(unit):
    with pytest.raises(ValueError, match='unit: expected m, cm, mm or a number of m'):
        metres(unit)
