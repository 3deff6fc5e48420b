"""Tests of what the embedded backend can answer by itself."""
