import pytest
import torch
from camera_rigs import looking_at_origin, people, ring

from ppt_mmpose.geometry import METHODS, Cameras, Status, triangulate
from ppt_mmpose.geometry import triangulation as subject


def seen(views=5, frames=4, joints=7, noise=0.0, **kwargs):
    """Cameras, points (T, J, 3), and where they were seen (T, V, J, 2)."""
    cameras, points = ring(views, **kwargs), people(frames, joints)
    generator = torch.Generator().manual_seed(1)
    pixels = cameras.project(points).pixels
    off = torch.randn(pixels.shape, generator=generator, dtype=torch.float64)
    return cameras, points, pixels + noise * off


@pytest.mark.parametrize('method', METHODS)
@pytest.mark.parametrize('views', [2, 3, 16])
def test_exact_keypoints_give_the_points(method, views):
    cameras, points, pixels = seen(views)
    result = triangulate(cameras, pixels, method=method)
    torch.testing.assert_close(result.points, points, rtol=0, atol=1e-9)
    assert result.found.all()
    assert result.used.all()
    assert result.errors.max() < 1e-6
    assert result.errors.shape == result.used.shape == (4, views, 7)


@pytest.mark.parametrize('method', METHODS)
def test_cameras_that_move_and_cameras_that_stand_still_agree(method):
    cameras, _, pixels = seen(noise=3, frames=6)
    pixels[2, 1] += 200
    still = triangulate(cameras, pixels, method=method)
    moving = triangulate(cameras.sets((6,)), pixels, method=method)
    torch.testing.assert_close(still.points, moving.points, rtol=0, atol=1e-9)
    assert torch.equal(still.used, moving.used)
    assert torch.equal(still.status, moving.status)


@pytest.mark.parametrize('method', METHODS)
def test_pieces_change_nothing(method, monkeypatch):
    cameras, _, pixels = seen(noise=3, frames=9)
    pixels[3, 0] -= 150
    whole = triangulate(cameras, pixels, method=method)
    monkeypatch.setattr(subject, '_PIECE', 20)
    for rig in (cameras, cameras.sets((9,))):
        pieces = triangulate(rig, pixels, method=method)
        torch.testing.assert_close(whole.points, pieces.points, rtol=0, atol=1e-9)
        torch.testing.assert_close(whole.errors, pieces.errors, rtol=0, atol=1e-6)
        assert torch.equal(whole.used, pieces.used)


def test_linear_is_the_homogeneous_solution_in_millimetres():
    cameras, _, pixels = seen(noise=5, frames=1)
    result = triangulate(cameras, pixels[0], method='linear')
    pose = torch.cat([cameras.rotation, 1e3 * cameras.translation[..., None]], dim=-1)
    projections = cameras.intrinsics @ pose
    flat = cameras.undistort(pixels[0]).points
    for joint in range(7):
        x, y = flat[:, joint, 0, None], flat[:, joint, 1, None]
        p1, p2, p3 = projections.unbind(1)
        vector = torch.linalg.svd(torch.cat([x * p3 - p1, y * p3 - p2])).Vh[-1]
        expected = 1e-3 * vector[:3] / vector[3]
        torch.testing.assert_close(result.points[joint], expected, rtol=0, atol=1e-8)


def test_linear_counts_views_alike_and_weighted_does_not():
    cameras, _, pixels = seen(noise=5)
    scores = torch.ones(4, 5, 7)
    scores[:, 2] = 0.1
    linear = triangulate(cameras, pixels, method='linear').points
    assert torch.equal(
        triangulate(cameras, pixels, scores, method='linear').points, linear
    )
    weighted = triangulate(cameras, pixels, scores, method='weighted').points
    assert (weighted - linear).norm(dim=-1).min() > 1e-4
    scores[:, 2] = 0
    without = triangulate(cameras, pixels, scores, method='weighted').points
    four = [0, 1, 3, 4]
    expected = triangulate(cameras.select(four), pixels[:, four], method='linear')
    torch.testing.assert_close(without, expected.points, rtol=0, atol=1e-9)
    assert (weighted - without).norm(dim=-1).max() < (linear - without).norm(
        dim=-1
    ).max()


@pytest.mark.parametrize('views', [3, 5, 12])
def test_robust_is_not_spoiled_by_a_wrong_view(views):
    cameras, points, pixels = seen(views, noise=1, frames=30)
    wrong = pixels.clone()
    wrong[:, 1] = pixels[:, 1].flip(-2)  # another joint's place
    far = (wrong - pixels).norm(dim=-1)[:, 1] > 60
    result = triangulate(cameras, wrong, method='robust')
    others = [view for view in range(views) if view != 1]
    expected = triangulate(cameras.select(others), pixels[:, others], method='robust')
    near = (result.points - expected.points).norm(dim=-1)[far] < 1e-3
    # With three views, a wrong one may agree with a right one by chance.
    assert near.float().mean() > (0.85 if views == 3 else 0.999)
    assert result.used[:, 1][far].float().mean() < 0.1
    spoiled = triangulate(cameras, wrong, method='linear').points
    assert (spoiled - points).norm(dim=-1)[far].mean() > 0.05


def test_robust_has_the_least_reprojection_error_when_all_agree():
    cameras, _, pixels = seen(noise=2)
    result = triangulate(cameras, pixels)
    assert result.used.all()
    # The gradient of the squared errors of undistorted points vanishes, px^2 a metre.
    flat = cameras.undistort(pixels).points
    points = result.points.clone().requires_grad_()
    projected = cameras.without_distortion().project(points).pixels
    ((projected - flat) ** 2).sum().backward()
    assert points.grad.abs().max() < 1e-2
    moved = result.points + 1e-3
    worse = cameras.without_distortion().project(moved).pixels
    assert ((worse - flat) ** 2).sum() > ((projected - flat) ** 2).sum()


def test_errors_are_distances_in_the_image_as_it_is():
    cameras, _, pixels = seen(noise=4)
    pixels[0, 3, 2] += 500
    result = triangulate(cameras, pixels)
    projected = cameras.project(result.points).pixels
    expected = (projected - pixels).norm(dim=-1)
    torch.testing.assert_close(result.errors, expected)
    assert not result.used[0, 3, 2]
    assert result.errors[0, 3, 2] > 100


def test_missing_views_in_all_forms():
    cameras, points, pixels = seen()
    scores = torch.ones(4, 5, 7, dtype=torch.float64)
    scores[0, 0] = 0
    scores[1, 1, 3] = torch.nan
    pixels[2, 2, 4] = torch.nan
    pixels[3, 3, 5, 0] = torch.inf
    for method in METHODS:
        result = triangulate(cameras, pixels, scores, method=method)
        torch.testing.assert_close(result.points, points, rtol=0, atol=1e-9)
        missing = ~result.used
        assert missing.sum() == 7 + 1 + 1 + 1
        assert (result.errors[missing] == 0).all()


@pytest.mark.parametrize('method', METHODS)
def test_too_few_views(method):
    cameras, _, pixels = seen(3)
    scores = torch.ones(4, 3, 7)
    scores[0, :2, 0] = 0
    scores[1, :, 1] = 0
    result = triangulate(cameras, pixels, scores, method=method)
    assert result.status[0, 0] == result.status[1, 1] == Status.TOO_FEW
    assert (result.status == Status.OK).sum() == 4 * 7 - 2
    for frame, joint in ((0, 0), (1, 1)):
        assert (result.points[frame, joint] == 0).all()
        assert (result.errors[frame, :, joint] == 0).all()
        assert not result.used[frame, :, joint].any()


@pytest.mark.parametrize('method', METHODS)
def test_one_camera_only(method):
    cameras, _, pixels = seen(1)
    result = triangulate(cameras, pixels, method=method)
    assert (result.status == Status.TOO_FEW).all()
    assert (result.points == 0).all()


@pytest.mark.parametrize('method', METHODS)
def test_parallel_rays_and_points_at_infinity(method):
    # Two cameras side by side, both with the point in the middle of the image.
    rotation = torch.eye(3).expand(2, 3, 3)
    intrinsics = torch.tensor([[500.0, 0, 100], [0, 500, 100], [0, 0, 1]])
    cameras = Cameras(
        intrinsics.expand(2, 3, 3), rotation, torch.tensor([[0.0, 0, 0], [1, 0, 0]])
    )
    pixels = torch.tensor([[[100.0, 100]], [[100.0, 100]]])
    result = triangulate(cameras, pixels, method=method)
    assert result.status.tolist() == [Status.PARALLEL]
    assert result.points.tolist() == [[0, 0, 0]]
    # 0.2 degrees between them: 500 px * 0.0035.
    pixels[1, 0, 0] += 1.75
    result = triangulate(cameras, pixels, method=method)
    assert result.status.tolist() == [Status.OK]
    assert result.points[0, 2].item() == pytest.approx(500 / 1.75, rel=1e-5)
    wide = triangulate(cameras, pixels, method=method, min_angle=0.3)
    assert wide.status.tolist() == [Status.PARALLEL]


@pytest.mark.parametrize('method', METHODS)
def test_two_cameras_at_one_place(method):
    cameras = ring(2, lens=()).select([0, 0])
    pixels = cameras.project(people(3)).pixels
    result = triangulate(cameras, pixels, method=method)
    assert (result.status == Status.PARALLEL).all()


@pytest.mark.parametrize('method', METHODS)
def test_rays_that_meet_behind_the_cameras(method):
    cameras = looking_at_origin([[4.0, 0.5, 0], [4.0, -0.5, 0]])
    flat = torch.tensor([[[800.0, 400.0]], [[200.0, 400.0]]])  # they look apart
    result = triangulate(cameras, flat, method=method)
    assert result.status.tolist() == [Status.BEHIND]
    assert result.points.isfinite().all()
    assert not result.found.any()


def test_two_views_that_disagree():
    cameras, _, pixels = seen(2)
    pixels[0, 0, 0, 1] += 300
    result = triangulate(cameras, pixels)
    assert result.status[0, 0] == Status.INCONSISTENT
    assert (result.status == Status.OK).sum() == 4 * 7 - 1
    assert result.used[0, :, 0].all()
    assert result.errors[0, :, 0].max() > 10
    assert triangulate(cameras, pixels, threshold=500.0).found.all()


def test_the_threshold_in_pixels():
    cameras, _, pixels = seen(6)
    pixels[0, 0, 0] += 12
    assert not triangulate(cameras, pixels, threshold=5.0).used[0, 0, 0]
    assert triangulate(cameras, pixels, threshold=30.0).used[0, 0, 0]


@pytest.mark.parametrize('method', METHODS)
def test_gradients_are_those_of_the_solution(method):
    cameras, _, pixels = seen(4, frames=1, joints=2, noise=0.01)
    scores = torch.rand(4, 2, dtype=torch.float64) + 0.5
    parts = [
        value.clone().requires_grad_()
        for value in (pixels[0], cameras.intrinsics, cameras.translation)
    ]

    def points(pixels, intrinsics, translation):
        rig = Cameras(intrinsics, cameras.rotation, translation, cameras.distortion)
        return triangulate(rig, pixels, scores, method=method).points

    # Gauss and Newton's curvature is the exact one but for the noise.
    assert torch.autograd.gradcheck(points, parts, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize('method', METHODS)
def test_gradients_stay_finite_where_nothing_was_found(method):
    cameras, _, pixels = seen(3)
    pixels[0, 0, 0] = torch.nan
    pixels[1] = pixels[1, :, :1]
    scores = torch.ones(4, 3, 7)
    scores[2, 1:] = 0
    pixels.requires_grad_()
    result = triangulate(cameras, pixels, scores, method=method)
    (result.points.sum() + result.errors.sum()).backward()
    assert pixels.grad.isfinite().all()
    assert (pixels.grad[3] != 0).any()
    assert (pixels.grad[2] == 0).all()


@pytest.mark.parametrize('method', METHODS)
def test_nothing_makes_a_nan(method):
    cameras = ring(6)
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randn(50, 6, 9, 2, generator=generator) * 1e4
    pixels[::7] *= 1e12
    pixels[3::5, ::2] = torch.inf
    scores = torch.rand(50, 6, 9, generator=generator).round()
    result = triangulate(cameras, pixels, scores, method=method)
    assert result.points.isfinite().all()
    assert result.errors.isfinite().all()
    assert result.points.dtype == torch.float32


def test_single_precision_in_and_out():
    cameras, points, pixels = seen()
    result = triangulate(cameras, pixels.float())
    assert result.points.dtype == result.errors.dtype == torch.float32
    torch.testing.assert_close(result.points, points.float(), rtol=0, atol=1e-5)


@pytest.mark.parametrize('method', METHODS)
def test_crops_that_are_turned_and_mirrored(method):
    cameras, points, pixels = seen(4, noise=0)
    affine = torch.tensor([[-0.3, -0.8, 900.0], [-0.8, 0.3, 600.0]]).double()
    warped = cameras.transformed(affine.expand(4, 2, 3))
    pixels = pixels @ affine[:, :2].mT + affine[:, 2]
    result = triangulate(warped, pixels, method=method)
    torch.testing.assert_close(result.points, points, rtol=0, atol=1e-9)


@pytest.mark.parametrize('method', METHODS)
@pytest.mark.parametrize('scale', [1e-200, 1e-30, 1e160])
def test_only_the_proportion_of_scores_counts(method, scale):
    cameras, _, pixels = seen(noise=3)
    scores = torch.rand(4, 5, 7, dtype=torch.float64) + 0.1
    expected = triangulate(cameras, pixels, scores, method=method)
    result = triangulate(cameras, pixels, scores * scale, method=method)
    torch.testing.assert_close(result.points, expected.points, rtol=0, atol=1e-9)
    assert torch.equal(result.used, expected.used)


def test_autocast_changes_nothing():
    cameras, _, pixels = seen(noise=2)
    pixels[1, 2] += 400
    expected = triangulate(cameras, pixels)
    with torch.autocast('cpu', torch.bfloat16):
        result = triangulate(cameras, pixels)
    assert torch.equal(result.points, expected.points)


def test_no_points_at_all():
    for shape in ((0, 5, 7, 2), (4, 5, 0, 2)):
        for cameras in (ring(5), ring(5).sets(shape[:1])):
            result = triangulate(cameras, torch.zeros(shape))
            assert result.points.shape == (shape[0], shape[2], 3)
            assert result.errors.shape == shape[:-1]


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(method='best'), "method: expected one of .*got 'best'"),
        (dict(threshold=0.0), 'threshold: expected pixels above 0'),
        (dict(method='linear', threshold=9.0), 'for robust only, got 9.0 for linear'),
        (dict(keypoints=torch.zeros(4, 7, 2)), r'\(..., 5, J, 2\) for 5 cameras'),
        (dict(scores=torch.ones(5, 6)), r'scores: expected .* got \(5, 6\)'),
        (dict(scores=-torch.ones(4, 5, 7)), 'scores: expected at least 0, got -1'),
    ],
)
def test_bad_arguments(changes, message):
    cameras, _, pixels = seen()
    with pytest.raises(ValueError, match=message):
        triangulate(cameras, **{'keypoints': pixels, **changes})


def test_the_real_cameras_of_human36m(h36m_cameras):
    cameras, points = h36m_cameras, people(4, 17) + torch.tensor([0, 0, 1.0])
    for four in range(0, len(cameras), 4):
        rig = cameras.select(range(four, four + 4))
        pixels = rig.project(points).pixels
        assert (rig.distort(rig.undistort(pixels).points) - pixels).abs().max() < 1e-9
        for method in METHODS:
            result = triangulate(rig, pixels, method=method)
            assert result.found.all()
            assert (result.points - points).abs().max() < 1e-6


def test_real_detections_of_six_views(six_view):
    cameras, keypoints = six_view
    scores = keypoints[..., 2] * (keypoints[..., 2] > 0.1)
    for method, used in (('linear', 88), ('weighted', 88), ('robust', 80)):
        result = triangulate(cameras, keypoints[..., :2], scores, method=method)
        assert result.found.all()
        assert result.errors[scores > 0].median() <= 7.0
        assert result.used.sum() >= used
    shuffled = keypoints.clone()
    order = torch.randperm(17, generator=torch.Generator().manual_seed(0))
    shuffled[2] = keypoints[2, order]
    result = triangulate(cameras, shuffled[..., :2], shuffled[..., 2])
    five = [0, 1, 3, 4, 5]
    expected = triangulate(
        cameras.select(five), keypoints[five][..., :2], keypoints[five][..., 2]
    )
    moved = order != torch.arange(17)
    assert not result.used[2, moved].any()
    torch.testing.assert_close(result.points[moved], expected.points[moved])
