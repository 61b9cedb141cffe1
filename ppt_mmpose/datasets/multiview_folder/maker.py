"""Makes the plain folder of a recording from what cameras left behind."""

import shutil
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Dict, Iterator, Mapping, Optional, Tuple, Union

import cv2

from ... import calibration as calibrations
from ...calibration import Calibration
from .frames import Image, VideoFile, images_in, is_image, is_video, read_image
from .joining import equal_length, equal_rate, in_step, instant_name, joined_by_name
from .layout import MultiViewFolder
from .writers import FolderWriter, ImageWriter, VideoWriter
