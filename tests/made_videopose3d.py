"""Made-up files in the form of VideoPose3D's, for tests."""

import cv2
import numpy as np
from scipy.spatial.transform import Rotation


def moving_person(length, joints, seed=0):
    """Poses ``(T, J, 3)``, m, Z up, of one who walks around within 2 m, turning."""
    random = np.random.RandomState(seed)
    body = random.uniform([-0.3, -0.3, 0], [0.3, 0.3, 1.8], (joints, 3))
    turns = Rotation.from_euler('z', random.uniform(0, 6, (length, 1))).as_matrix()
    places = random.uniform([-1, -1, 0], [1, 1, 0.2], (length, 1, 3))
    wobble = 0.05 * random.randn(length, joints, 3)
    return (np.einsum('tij,kj->tki', turns, body) + places + wobble).astype(np.float32)


def camera_around(angle, size=(640, 480), *, k=(-0.29, 0.1, 0), p=(-0.001, 0.002)):
    """A camera 4 m from the origin, 1.5 m high, that looks at 1 m above it."""
    centre = np.array([4 * np.cos(angle), 4 * np.sin(angle), 1.5])
    forward = np.array([0, 0, 1]) - centre
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0, 0, 1])
    right /= np.linalg.norm(right)
    return dict(
        w=size[0],
        h=size[1],
        f=np.array([[1.2 * size[0]], [1.19 * size[0]]]),
        c=np.array([[0.49 * size[0]], [0.48 * size[1]]]),
        k=np.array(k, float)[:, None],
        p=np.array(p, float)[:, None],
        # Columns: the camera's axes in the world.
        R=np.stack((right, np.cross(forward, right), forward), 1),
        T=centre[:, None],
    )


def seen(poses, camera):
    """Where OpenCV puts poses of the world ``(T, J, 3)`` in the image, px."""
    rotation = camera['R'].T
    shift = -rotation @ camera['T']
    matrix = np.eye(3)
    matrix[[0, 1], [0, 1]], matrix[:2, 2] = camera['f'].ravel(), camera['c'].ravel()
    (k1, k2, k3), (p1, p2) = camera['k'].ravel(), camera['p'].ravel()
    lens = np.array([k1, k2, p1, p2, k3])
    points = np.ascontiguousarray(poses, float).reshape(-1, 3)
    pixels = cv2.projectPoints(points, cv2.Rodrigues(rotation)[0], shift, matrix, lens)
    return pixels[0].reshape(*poses.shape[:-1], 2).astype(np.float32)


def save(path, **arrays):
    """As VideoPose3D does: dictionaries, which numpy pickles."""
    np.savez_compressed(path, **arrays)
    return path
