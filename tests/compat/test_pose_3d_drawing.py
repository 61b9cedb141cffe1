import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import Pose3dLocalVisualizer

from ppt_mmpose.compat import pose_3d_drawing


def test_colours_that_are_lists_are_drawn():
    meta = dict(
        keypoint_colors=[[255, 0, 0], [255, 0, 0]],
        skeleton_links=[[0, 1]],
        skeleton_link_colors=[[0, 0, 255]],
    )
    visualizer = Pose3dLocalVisualizer()
    visualizer.set_dataset_meta(meta)
    pose = np.array([[[0.0, 0, 0.2], [0, 0.5, 1.2]]])
    sample = PoseDataSample(
        pred_instances=InstanceData(keypoints=pose, keypoint_scores=np.ones((1, 2)))
    )
    image = np.full((200, 200, 3), 255, np.uint8)
    drawn = visualizer.add_datasample(
        'pose', image, sample, draw_gt=False, draw_2d=False, convert_keypoint=False
    )
    # Three channels in this order: red joints, a blue limb.
    red, green, blue = (drawn[..., channel].astype(int) for channel in range(3))
    assert ((red > 200) & (green < 60) & (blue < 60)).sum() > 20
    assert ((blue > 200) & (green < 60) & (red < 60)).sum() > 20


def test_bytes_of_a_picture():
    canvas = FigureCanvasAgg(Figure(figsize=(0.2, 0.1), dpi=100, facecolor='lime'))
    canvas.draw()
    assert canvas.tostring_rgb() == bytes([0, 255, 0]) * 200


def test_applying_twice_wraps_once():
    before = Pose3dLocalVisualizer.set_dataset_meta
    pose_3d_drawing.apply()
    assert Pose3dLocalVisualizer.set_dataset_meta is before
    assert vars(before)['mends'] == pose_3d_drawing.__name__
