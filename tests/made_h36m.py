"""Made-up annotations in the forms of Human3.6M, of cameras on a ring, for tests."""

import pickle

import cv2
import numpy as np
import ring_recording
import torch

# Subject, action, subaction and image; the second is of a damaged take.
INSTANTS = ((9, 2, 1, 1), (9, 5, 2, 1), (9, 5, 1, 6), (11, 16, 2, 3), (11, 16, 2, 4))
IDS = ('54138969', '55011271', '58860488', '60457274')


def seen(count, views=4):
    """Cameras, poses ``(T, J, 3)``, m, and their pixels ``(T, V, J, 2)``."""
    cameras, poses = ring_recording.ring(views).cameras, ring_recording.people(count)
    return cameras, poses, cameras.project(torch.from_numpy(poses)).pixels.numpy()


def toolbox_entries(instants=INSTANTS, views=4):
    """Entries as H36M-Toolbox has them: lengths in mm, numbers in arrays."""
    cameras, poses, pixels = seen(len(instants), views)
    centres = 1000 * cameras.centres.numpy()
    entries = []
    for number, (subject, action, subaction, image) in enumerate(instants):
        for view in range(views):
            folder = f's_{subject:02}_act_{action:02}_subact_{subaction:02}'
            folder += f'_ca_{view + 1:02}'
            k1, k2, p1, p2, k3 = cameras.distortion[view, :5].tolist()
            matrix = cameras.intrinsics[view].numpy()
            camera = dict(
                R=cameras.rotation[view].numpy(),
                T=centres[view, :, None],
                fx=matrix[0, :1],
                fy=matrix[1, 1:2],
                cx=matrix[0, 2:],
                cy=matrix[1, 2:],
                k=np.array([[k1], [k2], [k3]]),
                p=np.array([[p1], [p2]]),
            )
            entries.append(
                dict(
                    joints_2d=pixels[number, view],
                    joints_vis=np.ones((17, 3)),
                    joints_3d=1000 * poses[number],
                    center=(80.0 + view, 64.0),
                    scale=(0.5, 0.25),
                    image=f'{folder}/{folder}_{image:06}.jpg',
                    source='h36m',
                    subject=subject,
                    action=action,
                    subaction=subaction,
                    camera_id=view,
                    image_id=image,
                    camera=camera,
                )
            )
    return entries


def write_toolbox(folder, entries, name='h36m_validation.pkl', images=True):
    """Write entries as ``h36m/annot/NAME``, with images of noise; return the file."""
    file = folder / 'annot' / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pickle.dumps(entries))
    rng = np.random.RandomState(0)
    for entry in entries if images else ():
        path = folder / 'images' / entry['image']
        path.parent.mkdir(parents=True, exist_ok=True)
        width, height = ring_recording.SIZE
        cv2.imwrite(str(path), rng.randint(0, 255, (height, width, 3), np.uint8))
    return file


def prepared_arrays(takes=('S9_Waiting_1', 'S9_Waiting')):
    """Arrays as MMPose prepares them, cameras first, with one frame of each take."""
    cameras, poses, pixels = seen(len(takes))
    places = [(view, take) for view in range(4) for take in range(len(takes))]
    names = [f'{takes[t]}.{IDS[view]}' for view, t in places]
    ones = np.ones((len(places), 17, 1))
    part = np.array([pixels[take, view] for view, take in places])
    in_camera = cameras.to_camera(torch.from_numpy(poses)).numpy()
    points = np.array([in_camera[take, view] for view, take in places])
    return dict(
        imgname=np.array([f'S9/{name}/{name}_000006.jpg' for name in names]),
        center=np.array([[80.0 + view, 64.0] for view, _ in places]),
        scale=np.full(len(places), 0.5),
        part=np.concatenate([part, ones], axis=-1),
        S=np.concatenate([points, ones], axis=-1),
    )


def prepared_cameras(subject='S9'):
    """Cameras as in ``cameras.pkl``: R is camera to world, T the centre in m."""
    cameras = ring_recording.ring(4).cameras
    result = {}
    for view, name in enumerate(IDS):
        k1, k2, p1, p2, k3 = cameras.distortion[view, :5].tolist()
        matrix = cameras.intrinsics[view].numpy()
        result[subject, name] = dict(
            R=cameras.rotation[view].numpy().T,
            T=cameras.centres[view].numpy()[:, None],
            f=np.array([[matrix[0, 0]], [matrix[1, 1]]]),
            c=matrix[:2, 2:],
            k=np.array([[k1], [k2], [k3]]),
            p=np.array([[p1], [p2]]),
            w=ring_recording.SIZE[0],
            h=ring_recording.SIZE[1],
            name=f'camera{view + 1}',
            id=name,
        )
    return result


def write_prepared(folder, arrays=None, cameras=None):
    """Write ``h36m_test.npz`` and ``cameras.pkl``, and return them."""
    arrays = prepared_arrays() if arrays is None else arrays
    cameras = prepared_cameras() if cameras is None else cameras
    np.savez(folder / 'h36m_test.npz', **arrays)
    (folder / 'cameras.pkl').write_bytes(pickle.dumps(cameras))
    return folder / 'h36m_test.npz', folder / 'cameras.pkl'
