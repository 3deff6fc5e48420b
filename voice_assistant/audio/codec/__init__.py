"""Converts bytes of sound formats to samples and back: MP3, WAV, FLAC, Ogg."""
