import numpy as np

from ppt_mmpose.datasets.synthetic.contact_sheet import LEFT, MIDDLE, RIGHT
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan, make_sequences
from ppt_mmpose.datasets.synthetic.sequences.contact_sheet import sequence_sheet


def test_sequences_are_below_each_other_and_time_goes_to_the_right(tmp_path):
    plan = SequencePlan(frames=41, cameras=2)
    files = make_sequences(str(tmp_path), plan, train=2, val=1)
    # Frames 0, 10, 20, 30 and 40.
    sheet = sequence_sheet(files['train'])
    assert sheet.shape == (2 * 130, 5 * 90, 3)
    assert sequence_sheet(files['train'], columns=3, rows=1).shape == (130, 270, 3)
    cells = sheet.reshape(2, 130, 5, 90, 3).swapaxes(1, 2)
    for cell in cells.reshape(10, 130, 90, 3):
        for colour in (LEFT, RIGHT, MIDDLE):
            assert (cell == colour).all(-1).sum() > 8
        assert (cell == 255).all(-1).mean() > 0.7
    assert (cells[0, 0] != cells[0, 4]).any()
    # Another camera sees something else: it is the first one that is shown.
    one = make_sequences(
        str(tmp_path / 'one'), SequencePlan(frames=41, cameras=1), train=2, val=1
    )
    assert sequence_sheet(one['train']).shape == sheet.shape
    assert np.isfinite(sheet).all()
