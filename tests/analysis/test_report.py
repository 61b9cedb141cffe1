"""Costs as text: every number with its unit, every absence with its reason."""

from ppt_mmpose.analysis import (
    CONVENTIONS,
    BlockTokens,
    Costs,
    Latency,
    ModelCost,
    RatioCost,
    costs_report,
)

TOKENS = [BlockTokens(17, 256, 256)] * 3 + [
    BlockTokens(17, 256, 180),
    BlockTokens(17, 180, 180),
]
MACHINE = dict(
    device='cpu', cores=2, threads=1, load=0.5, torch='2.x', batch_size=8, repeats=20
)


def report(machine=None, outside=None, **parts):
    cost = dict(
        keep_ratio=0.7,
        tokens=TOKENS,
        real=2 * 10**9,
        linear_and_convolution=1_500_000_000,
        papers_total=2**30,
        papers_transformer=2**29,
    )
    cost = RatioCost(**{**cost, **parts})
    model = ModelCost('some', (192, 256), 6_620_736, 6_000_000, 0.7, outside, [cost])
    return costs_report(Costs([model], machine)).splitlines()


def test_numbers_in_their_units():
    lines = report()
    assert lines[0].startswith('some: 6.62 M parameters, 6.00 M of them trainable')
    cells = lines[3].split('  ')
    assert [c.strip() for c in cells if c.strip()] == [
        *('0.7 (config)', '2.000 G', '1.500 G', '1.000 G', '0.500 G')
    ]
    assert not any('latency' in line for line in lines)


def test_tokens_of_every_block_both_sides_of_a_pruning():
    expected = '0.7  0-2: 17 + 256,  3: 17 + 256 -> 180,  4: 17 + 180'
    assert expected in report()


def test_the_configs_own_ratio_is_marked():
    assert '(config)' not in '\n'.join(report(keep_ratio=0.8))


def test_every_convention_is_explained():
    text = ' '.join(' '.join(report()).split())
    for convention in CONVENTIONS:
        assert f'{convention.title}: {convention.rule}' in text


def test_absence_has_its_reason():
    nothing = dict(papers_total=None, papers_transformer=None, tokens=[])
    lines = report(outside='they are for others', **nothing)
    assert lines[3].split()[-2:] == ['-', '-']
    assert "- the papers' rules: they are for others." in lines
    assert not any('keypoint + visual' in line for line in lines)


def test_latency_names_the_machine():
    lines = report(machine=MACHINE, latency=Latency(40.04, 39.0, 41.0))
    assert lines[3].endswith('40.0 [39.0, 41.0]')
    text = ' '.join(' '.join(lines).split())
    for part in ('20 passes', 'batch of 8', 'cores 2', 'torch 2.x', 'load before 0.5'):
        assert part in text
