"""Tests of the embedded backend, over real sockets."""
