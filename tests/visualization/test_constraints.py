import pytest
import torch

from ppt_mmpose.tokens import KeypointAttention
from ppt_mmpose.visualization import as_markdown, strongest_constraints
from ppt_mmpose.visualization.constraints import Constraint

NAMES = ['head', 'left_hand', 'right_hand', 'foot']


@pytest.fixture
def attention():
    # Each looks at itself most, and at a patch.
    between = torch.tensor(
        [
            [0.5, 0.02, 0.03, 0.01, 0.44],
            [0.04, 0.5, 0.01, 0.03, 0.42],
            [0.01, 0.05, 0.6, 0.02, 0.32],
            [0.02, 0.01, 0.03, 0.7, 0.24],
        ]
    )
    whole = torch.stack((torch.zeros_like(between), between))
    return KeypointAttention(11, whole, torch.zeros(2, 1).long())


def test_the_two_strongest_others(attention):
    before = attention.attention.clone()
    found = strongest_constraints(attention, NAMES, sample=1)
    names = [[name for name, _ in one.others] for one in found]
    assert [one.keypoint for one in found] == NAMES
    assert names == [
        ['right_hand', 'left_hand'],
        ['head', 'foot'],
        ['left_hand', 'foot'],
        ['right_hand', 'head'],
    ]
    assert found[1].others[0][1] == pytest.approx(0.04)
    assert torch.equal(attention.attention, before)


def test_the_table(attention):
    lines = as_markdown(strongest_constraints(attention, NAMES, sample=1)).splitlines()
    assert lines[0] == '| keypoint | top 1 | top 2 |'
    assert lines[3] == '| left hand | head (0.040) | foot (0.030) |'
    assert len(lines) == 2 + 4


def test_more_than_there_are(attention):
    with pytest.raises(ValueError, match='count: expected 1 to 3, got 4'):
        strongest_constraints(attention, NAMES, count=4)


def test_small_scores_keep_their_order():
    table = as_markdown([Constraint('nose', (('left_eye', 4e-4), ('neck', 2e-5)))])
    assert '| nose | left eye (4e-04) | neck (2e-05) |' in table
