"""What was found over time, in files, written as it comes and read back."""

from .instant import Instant, Recording

__all__ = ['Instant', 'Recording']
