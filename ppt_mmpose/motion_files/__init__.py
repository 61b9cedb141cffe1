"""What was found over time, in files, written as it comes and read back.

======  ===========================  ==================================================
ending  page                         what it holds
======  ===========================  ==================================================
.npz    `motion_files.npz`           everything, as arrays
.json   `motion_files.json_list`     everything, as text
.csv    `motion_files.csv_table`     everything but links, as two tables
.trc    `motion_files.trc`           3D keypoints, for OpenSim
.bvh    `motion_files.bvh`           a skeleton's rotations, for Blender and the like
======  ===========================  ==================================================
"""

from .bvh import BvhWriter, read_bvh
from .csv_table import CsvWriter, read_csv
from .formats import FORMATS, open_writer, read_motion
from .instant import Instant, Recording
from .json_list import JsonWriter, read_json
from .npz import NpzWriter, read_npz
from .trc import TrcWriter, read_trc
from .writer import MotionWriter

__all__ = [
    'FORMATS',
    'BvhWriter',
    'CsvWriter',
    'Instant',
    'JsonWriter',
    'MotionWriter',
    'NpzWriter',
    'Recording',
    'TrcWriter',
    'open_writer',
    'read_bvh',
    'read_csv',
    'read_json',
    'read_motion',
    'read_npz',
    'read_trc',
]
