"""Frames of images and videos: read in order, from whatever holds them, and written."""

from .picture_files import PictureFiles
from .reading import Image, VideoFile, read_image
from .source import frame_source
from .video_writer import VideoWriter

__all__ = [
    'Image',
    'PictureFiles',
    'VideoFile',
    'VideoWriter',
    'frame_source',
    'read_image',
]
