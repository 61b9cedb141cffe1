import numpy as np
import pytest
import torch
from ring_recording import people, ring

from ppt_mmpose.evaluation.view_groups import View, grouped, triangulated

POSES = people(instants=2)


def view_of(instant, view, views=3):
    cameras = ring(views).cameras
    fields = ('intrinsics', 'rotation', 'translation', 'distortion')
    pixels = cameras.project(torch.from_numpy(POSES[instant])).pixels.numpy()
    return View.of_sample(
        dict(
            group_id=instant,
            view_id=view,
            camera={field: getattr(cameras, field)[view].numpy() for field in fields},
            keypoints_3d_world=POSES[instant],
            keypoints_3d_visible=np.array([0, 1] + [1] * 15, np.float32),
            pred_instances=dict(
                keypoints=pixels[view][None], keypoint_scores=np.full((1, 17), 0.5)
            ),
        )
    )


def test_what_a_view_is():
    view = view_of(1, 2)
    assert view.keypoints.shape == (17, 2)
    assert view.scores.tolist() == [0.5] * 17
    assert view.visible.tolist() == [False] + [True] * 16
    assert view.action is None
    np.testing.assert_array_equal(view.label, POSES[1])


def test_views_are_joined_by_their_ids():
    given = [view_of(*ids) for ids in [(1, 2), (0, 1), (1, 0), (0, 1), (1, 1)]]
    groups = grouped(given)
    assert [[(v.group_id, v.view_id) for v in views] for views in groups] == [
        [(1, 0), (1, 1), (1, 2)],
        [(0, 1)],
    ]
    # The first of two that are the same.
    assert groups[1][0] is given[1]


@pytest.mark.parametrize('method', ['linear', 'weighted', 'robust'])
def test_instants_with_different_numbers_of_views(method):
    groups = [
        [view_of(0, 0)],
        [view_of(1, view) for view in range(3)],
        [view_of(0, 0), view_of(0, 2)],
    ]
    points, found = triangulated(groups, method=method)
    assert found.tolist() == [[False] * 17, [True] * 17, [True] * 17]
    assert not points[0].any()
    np.testing.assert_allclose(points[1:], POSES[[1, 0]], atol=1e-6)
