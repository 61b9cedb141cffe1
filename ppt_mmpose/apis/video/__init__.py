"""Videos of one camera to 3D."""

from .demo import describe, run_video
from .inferencer import VideoPoseInferencer
from .joints import JointConverter
from .lifter import SequenceLifter
from .motion import PersonMotion, VideoMotion, VideoTracks
from .outputs import MOTION_FORMATS, write_motion, write_pictures
from .stream import PoseStream, StreamedPose
from .streaming import run_stream
from .tracking import PeopleTracker
from .tracks import Track2D

__all__ = [
    'MOTION_FORMATS',
    'JointConverter',
    'PeopleTracker',
    'PersonMotion',
    'PoseStream',
    'SequenceLifter',
    'StreamedPose',
    'Track2D',
    'VideoMotion',
    'VideoPoseInferencer',
    'VideoTracks',
    'describe',
    'run_stream',
    'run_video',
    'write_motion',
    'write_pictures',
]
