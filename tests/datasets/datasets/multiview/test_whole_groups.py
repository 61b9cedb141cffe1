import pytest
import ring_recording
from mmpose.registry import DATASETS, TRANSFORMS


class GivesUp:
    """On the second view of the first instant."""

    def __init__(self, only_view):
        self.only_view = only_view

    def __call__(self, results):
        return None if results['view_id'] == self.only_view else results


TRANSFORMS.register_module(name='GivesUpForTests', module=GivesUp)


@pytest.mark.parametrize('test_mode', [False, True])
def test_no_other_view_comes_in_the_place_of_a_failed_one(tmp_path, test_mode):
    ring_recording.write(tmp_path / 'take')
    dataset = DATASETS.build(
        dict(
            type='MultiViewFolderDataset',
            data_root=str(tmp_path / 'take'),
            pipeline=[dict(type='GivesUpForTests', only_view=1)],
            test_mode=test_mode,
        )
    )
    assert dataset[0]['view_id'] == 0
    message = (
        r"pipeline: expected data of view 1 of '.*take/000000' \(.*cam1/000000.jpg\), "
        'got None'
    )
    with pytest.raises(ValueError, match=message):
        dataset[1]
