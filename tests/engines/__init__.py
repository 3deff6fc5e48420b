"""Tests of the engines; most of them with the real ones."""
