"""Made-up labels in the form of Ski-PosePTZ, of cameras that move, for tests."""

import cv2
import numpy as np
import ring_recording
import torch

from ppt_mmpose.geometry import Cameras

SIZE = 256


def labels(frames=2, views=6):
    """The arrays of ``labels.h5``, the centres, and poses ``(T, J, 3)``, world."""
    ring = ring_recording.ring(views).cameras
    poses = ring_recording.people(frames) + np.array([100.0, -50, 20])
    rows = {name: [] for name in ('seq', 'cam', 'frame', 'subj', '3D', '2D')}
    rows |= {name: [] for name in ('cam_intrinsic', 'cam_position', 'R_cam_2_world')}
    for frame in range(frames):
        focal = 1.2 + 0.1 * frame
        intrinsics = np.array([[focal, 0, 0.5], [0, focal, 0.45], [0, 0, 1]])
        for view in range(views):
            rotation = ring.rotation[view].numpy()
            centre = ring.centres[view].numpy() + poses[frame].mean(0) + [0, 0, -0.8]
            camera = Cameras(
                torch.from_numpy(intrinsics)[None],
                torch.from_numpy(rotation)[None],
                torch.from_numpy(-rotation @ centre)[None],
            )
            ratios = camera.project(torch.from_numpy(poses[frame])).pixels[0].numpy()
            in_camera = (poses[frame] - centre) @ rotation.T
            for name, value in {
                'seq': 3,
                'cam': view,
                'frame': 10 + frame,
                'subj': 1,
                '3D': (in_camera - in_camera[0]).ravel(),
                '2D': ratios.ravel(),
                'cam_intrinsic': intrinsics.ravel(),
                'cam_position': centre,
                'R_cam_2_world': rotation.T.ravel(),
            }.items():
                rows[name].append(value)
    centres = {(3, 10 + frame): poses[frame, 0] for frame in range(frames)}
    return {name: np.array(values) for name, values in rows.items()}, centres, poses


def write(root, arrays, centres, part='test'):
    """Write the files, with images of noise, as they are downloaded."""
    import h5py

    folder = root / 'Ski-PosePTZ-CameraDataset-png' / part
    folder.mkdir(parents=True)
    with h5py.File(folder / 'labels.h5', 'w') as file:
        for name, values in arrays.items():
            file[name] = values
    lines = [
        f'{sequence} {frame} {" ".join(map(repr, map(float, centre)))}\n'
        for (sequence, frame), centre in centres.items()
    ]
    (root / 'ski_centers.csv').write_text(''.join(lines))
    rng = np.random.RandomState(0)
    for sequence, camera, frame in zip(*(arrays[k] for k in ('seq', 'cam', 'frame'))):
        name = f'seq_{sequence:03}/cam_{camera:02}/image_{frame:06}.png'
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        noise = rng.randint(0, 255, (SIZE, SIZE, 3), np.uint8)
        cv2.imwrite(str(folder / name), noise)
