"""What tools and notebooks call: configs by name, training, testing, looking."""

from .config_files import config_names, find_config, flat_config
from .inferencers import TokenPoseInferencer
from .runner import latest_checkpoint, test, train
from .visualize_tokens import visualize_tokens

__all__ = [
    'TokenPoseInferencer',
    'config_names',
    'find_config',
    'flat_config',
    'latest_checkpoint',
    'test',
    'train',
    'visualize_tokens',
]
