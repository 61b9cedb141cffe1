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


def report(machine=None, outside=None, views=1, **parts):
    cost = dict(
        keep_ratio=0.7,
        tokens=TOKENS,
        real=2 * 10**9,
        linear_and_convolution=1_500_000_000,
        papers_total=2**30,
        papers_transformer=2**29,
    )
    cost = RatioCost(**{**cost, **parts})
    model = ModelCost(
        'some', (192, 256), 6_620_736, 6_000_000, 0.7, views, outside, [cost]
    )
    return costs_report(Costs([model], machine)).splitlines()


def test_numbers_in_their_units():
    lines = report()
    assert lines[0].startswith('some: 6.62 M parameters, 6.00 M of them trainable')
    cells = lines[3].split('  ')
    assert [c.strip() for c in cells if c.strip()] == [
        *('0.7 (config)', '2.000 G', '1.500 G', '1.000 G', '0.500 G')
    ]
    assert not any('latency' in line for line in lines)
    assert "paper's views" not in lines[2]


def test_tokens_of_every_block_both_sides_of_a_pruning():
    expected = '0.7  0-2: 17 + 256,  3: 17 + 256 -> 180,  4: 17 + 180'
    assert expected in report()


def test_an_instant_and_a_view():
    tokens = [BlockTokens(17, 256, 180, 4), BlockTokens(68, 720, 720)]
    lines = report(
        views=4, tokens=tokens, papers_transformer=None, papers_views=6 * 10**9
    )
    assert lines[0].endswith('images of 192x256 px, 4 views of each instant')
    assert lines[2].endswith("paper's views")
    rows = [[c.strip() for c in line.split('  ') if c.strip()] for line in lines[3:5]]
    assert rows == [
        ['0.7 (config)', '2.000 G', '1.500 G', '1.000 G', '-', '6.000 G'],
        ['of a view', '0.500 G', '0.375 G', '0.250 G', '-', '1.500 G'],
    ]
    assert '0.7  0: 4 x (17 + 256 -> 180),  1: 68 + 720' in lines
    assert not any('of a view' in line for line in report())


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
