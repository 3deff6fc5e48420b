"""Speech recognition on this machine."""
