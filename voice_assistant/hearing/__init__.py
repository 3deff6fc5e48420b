"""Turns speech into words: listening, recordings that no failure loses, transcription."""
