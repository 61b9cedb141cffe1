"""Frames of images and videos: read in order, from whatever holds them, and written."""

from .picture_files import PictureFiles
from .reading import Image, VideoFile, read_image
from .source import frame_source, frame_stream, same_size
from .video_writer import VideoWriter

__all__ = [
    'Image',
    'PictureFiles',
    'VideoFile',
    'VideoWriter',
    'frame_source',
    'frame_stream',
    'read_image',
    'same_size',
]
