"""Voices of this machine: text to speech."""
