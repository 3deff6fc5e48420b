"""Engines on this machine: speech recognition, and voices."""
