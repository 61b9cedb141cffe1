"""What tools and notebooks call: configs by name, training, testing."""

from .config_files import config_names, find_config, flat_config
from .runner import latest_checkpoint, test, train

__all__ = [
    'config_names',
    'find_config',
    'flat_config',
    'latest_checkpoint',
    'test',
    'train',
]
