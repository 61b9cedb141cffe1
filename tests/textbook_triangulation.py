"""Triangulation as it is usually written: oracle and baseline.

One point after the other, with OpenCV's undistortion of a camera's keypoints and
numpy's singular value decomposition. `linear` counts all views alike, as the released
multi-view PPT does through pymvg. `robust` tries what Pose2Sim does: all views; if they
disagree, all sets without one of them, then without two, and so on. They take the
cameras of `ppt_mmpose.geometry`, and share no code with it.
"""

from itertools import combinations

import cv2
import numpy as np


def linear(cameras, keypoints, scores):
    """Points (3,), m, and the views that they come from: here all of them.

    ``keypoints`` are (T, V, J, 2) and ``scores`` (T, V, J), arrays without gaps.
    """
    matrices = projections(cameras)
    every = list(range(len(matrices)))
    alike = np.ones(len(matrices))
    for pixels in keypoints:
        flat = undistorted(cameras, pixels)
        for joint in range(flat.shape[1]):
            yield solved(matrices, flat[:, joint], alike), every


def robust(cameras, keypoints, scores, *, threshold=None, most_excluded=3):
    """The same with as few views excluded as bring the mean error below a threshold.

    The threshold, px, is a hundredth of the focal lengths' mean when None. Where that
    many exclusions are not enough the point is NaN, from no view.
    """
    matrices = projections(cameras)
    if threshold is None:
        threshold = 0.01 * cameras.focal.mean().item()
    for pixels, weights in zip(keypoints, scores):
        flat = undistorted(cameras, pixels)
        for joint in range(flat.shape[1]):
            yield excluding(
                matrices, flat[:, joint], weights[:, joint], threshold, most_excluded
            )


LOOPS = dict(linear=linear, robust=robust)


def excluding(matrices, pixels, weights, threshold, most_excluded):
    views = len(matrices)
    for excluded in range(min(most_excluded, views - 2) + 1):
        best = np.inf, None, []
        for kept in combinations(range(views), views - excluded):
            kept = list(kept)
            point = solved(matrices[kept], pixels[kept], weights[kept])
            error = mean_error(matrices[kept], pixels[kept], point)
            if error < best[0]:
                best = error, point, kept
        if best[0] < threshold:
            return best[1:]
    return np.full(3, np.nan), []


def projections(cameras):
    """Matrices (V, 3, 4) from a world in millimetres to pixels without distortion."""
    pose = np.concatenate(
        [cameras.rotation.numpy(), 1000 * cameras.translation.numpy()[:, :, None]], 2
    )
    return cameras.intrinsics.numpy() @ pose


def undistorted(cameras, pixels):
    """Pixels (V, J, 2) as cameras without lenses would show them."""
    intrinsics, lenses = cameras.intrinsics.numpy(), cameras.distortion.numpy()
    return np.stack(
        [
            cv2.undistortPoints(seen[:, None], matrix, lens, P=matrix)[:, 0]
            for seen, matrix, lens in zip(pixels, intrinsics, lenses)
        ]
    )


def solved(matrices, pixels, weights):
    """The point (3,), m, that violates the views' weighted equations least."""
    x, y = weights[:, None] * pixels[:, :1], weights[:, None] * pixels[:, 1:]
    first, second, third = matrices.transpose(1, 0, 2)
    first, second = weights[:, None] * first, weights[:, None] * second
    equations = np.concatenate([x * third - first, y * third - second])
    vector = np.linalg.svd(equations, full_matrices=False)[2][-1]
    return vector[:3] / vector[3] / 1000


def mean_error(matrices, pixels, point):
    """Mean distance, px, from where a point was seen to where it projects."""
    seen = matrices @ np.append(1000 * point, 1)
    return np.hypot(*(seen[:, :2] / seen[:, 2:] - pixels).T).mean()
