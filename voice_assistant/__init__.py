"""A voice assistant that lives in the desktop tray."""

__version__ = "0.1.0"
