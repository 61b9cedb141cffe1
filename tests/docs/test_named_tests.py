"""What the docs say is tested is tested."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / 'README.md', *sorted((ROOT / 'docs').rglob('*.md'))]
NAMED = re.compile(r'tests/[\w/.-]+(?:::\w+)?')


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.stem)
def test_named_tests_exist(page):
    for name in NAMED.findall(page.read_text()):
        path, _, function = name.rstrip('.').partition('::')
        assert (ROOT / path).exists(), name
        if function:
            assert f'def {function}(' in (ROOT / path).read_text(), name


def test_every_cell_of_the_matrix_is_a_test():
    page = (ROOT / 'docs' / 'installing_and_driving.md').read_text()
    ways = (ROOT / 'tests' / 'installs' / 'test_ways.py').read_text()
    cells = re.findall(r'`(test_\w+)\[(wheel|sdist|editable)\]`', page)
    assert len(cells) == len(set(cells)) == 8 * 3
    for function, _ in cells:
        assert (
            f'def {function}(installed' in ways or f'def {function}(checkpoint' in ways
        )


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for target in re.findall(r'\]\(([^)#]+)', page.read_text()):
        if not target.startswith('http'):
            assert (page.parent / target).exists(), target
