import made_skipose
import numpy as np
import pytest
from mmpose.registry import DATASETS

pytest.importorskip('h5py')


@pytest.fixture
def root(tmp_path):
    arrays, centres, _ = made_skipose.labels()
    made_skipose.write(tmp_path, arrays, centres)
    return tmp_path


def dataset_of(root, **options):
    settings = dict(
        type='SkiPoseDataset',
        data_root=str(root),
        ann_file='Ski-PosePTZ-CameraDataset-png/test/labels.h5',
        data_prefix=dict(img='Ski-PosePTZ-CameraDataset-png/test/'),
        pipeline=[
            dict(type='LoadImage'),
            dict(type='GetBBoxCenterScale', padding=1.0),
            dict(type='TopdownAffine', input_size=(256, 256)),
        ],
    )
    return DATASETS.build(settings | options)


def test_groups_of_six_views(root):
    _, _, poses = made_skipose.labels()
    dataset = dataset_of(root)
    assert len(dataset) == 12
    for index, sample in enumerate(dataset):
        frame, view = divmod(index, 6)
        assert sample['group_id'] == f'skipose/test/seq_003/00001{frame}'
        assert sample['view_id'] == view
        np.testing.assert_allclose(sample['keypoints_3d_world'], poses[frame])
        # The whole image, as it is.
        assert sample['img'].shape == (256, 256, 3)
        np.testing.assert_allclose(
            sample['transformed_keypoints'], sample['keypoints'], atol=1e-3
        )


def test_some_groups_and_cameras(root):
    dataset = dataset_of(root, cameras=(0, 2), every=2)
    assert [sample['view_id'] for sample in dataset] == [0, 2]


def test_two_entries_of_one_view(tmp_path):
    arrays, centres, _ = made_skipose.labels()
    arrays['cam'][3] = 2
    made_skipose.write(tmp_path, arrays, centres)
    message = (
        r"labels.h5': group 'skipose/test/seq_003/000010': expected one entry of "
        'camera 2, got the entries 2 and 3$'
    )
    with pytest.raises(ValueError, match=message):
        dataset_of(tmp_path)


def test_without_positions_in_the_world(root):
    (root / 'ski_centers.csv').unlink()
    sample = dataset_of(root, centers_file=None)[0]
    assert 'keypoints_3d_world' not in sample
    with pytest.raises(FileNotFoundError, match='ski_centers.csv'):
        dataset_of(root)
