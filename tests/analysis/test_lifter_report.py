"""Costs of lifters as text."""

from ppt_mmpose.analysis import (
    Costs,
    Latency,
    LifterCost,
    ModelCost,
    OutputCost,
    RatioCost,
    costs_report,
)

MACHINE = dict(
    device='cpu', cores=2, threads=1, load=0.5, torch='2.x', batch_size=8, repeats=20
)
EVERY = OutputCost('all', 100, 4 * 10**9, 3 * 10**9, 7 * 10**9)
CENTRE = OutputCost('centre', 1, 2 * 10**9, 10**9, 7 * 10**9)


def lifter(*outputs):
    return LifterCost(
        'some', (100, 17, 2), 6_620_736, 6_000_000, [100, 100, 40], 'all', list(outputs)
    )


def report(*models, machine=None):
    return costs_report(Costs(list(models), machine)).splitlines()


def cells(line):
    return [cell.strip() for cell in line.split('  ') if cell.strip()]


def test_numbers_in_their_units_and_of_a_frame():
    lines = report(lifter(EVERY, CENTRE))
    assert lines[0] == (
        'some: 6.62 M parameters, 6.00 M of them trainable; sequences of 100 frames of '
        '17 joints, 2 numbers each'
    )
    assert cells(lines[2]) == ['output', 'real', 'linear + conv', "papers' FLOPs"]
    assert cells(lines[3]) == [
        *('all: 100 frames (config)', '4.000 G', '3.000 G', '7.000 G')
    ]
    assert cells(lines[4]) == ['of a frame', '0.040 G', '0.030 G', '0.070 G']
    assert cells(lines[5]) == ['centre: 1 frame', '2.000 G', '1.000 G', '7.000 G']
    assert '0-1: 100,  2: 40' in lines
    text = '\n'.join(lines)
    assert 'two for each multiply-add' in text
    assert "PPT's GFLOPs^T" not in text


def test_time():
    timed = OutputCost('all', 100, 1, 1, 1, Latency(5, 4, 6))
    lines = report(lifter(timed), machine=MACHINE)
    assert cells(lines[2])[-1] == 'latency, ms'
    assert cells(lines[3])[-1] == '5.0 [4.0, 6.0]'


def test_beside_a_model_of_images():
    image = RatioCost(1, [], 10**9, 10**9)
    image = ModelCost('other', (192, 256), 1, 1, 1, 1, 'they are not', [image])
    text = '\n'.join(report(lifter(EVERY), image))
    assert 'images of 192x256 px' in text
    assert 'Of sequences' in text
    assert "PPT's GFLOPs^T" in text
