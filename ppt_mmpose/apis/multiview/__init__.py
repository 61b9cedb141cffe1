"""Several calibrated cameras to 3D."""

from .sources import SynchronisedViews, open_sources

__all__ = ['SynchronisedViews', 'open_sources']
