"""Speech recognition on this machine (English)."""
