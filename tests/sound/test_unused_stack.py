"""A stream's thread begins on an unused stack: what another has left there would make it spin."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest
from helpers.sound import begun_streams
from helpers.sound.sound import desktop

from voice_assistant.sound.unused_stack import unused_stacks

__all__ = ["desktop"]

libc = ctypes.CDLL(None)
libc.pthread_self.restype = ctypes.c_void_p
DEEP_BYTES = 15 * 1024
"""Deeper than Python's own frames, and within the pages that an ended thread's stack keeps."""
MARK = b"left behind"


def in_thread(function):
    """Call `function` in a thread of C, with a place on the thread's stack that is not in use."""
    results = []

    @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
    def work(_):
        attributes = ctypes.create_string_buffer(256)
        lowest, size = ctypes.c_size_t(), ctypes.c_size_t()
        libc.pthread_getattr_np(ctypes.c_void_p(libc.pthread_self()), attributes)
        libc.pthread_attr_getstack(attributes, ctypes.byref(lowest), ctypes.byref(size))
        results.append(function(lowest.value + size.value - DEEP_BYTES))

    thread = ctypes.c_void_p()
    assert libc.pthread_create(ctypes.byref(thread), None, work, None) == 0
    assert libc.pthread_join(thread, None) == 0
    return results[0]


def leave(place):
    ctypes.memmove(place, MARK, len(MARK))


def found(place):
    return ctypes.string_at(place, len(MARK))


def test_a_thread_finds_nothing_that_an_ended_one_has_left():
    in_thread(leave)
    with unused_stacks():
        assert in_thread(found) == bytes(len(MARK))
        in_thread(leave)
        assert in_thread(found) == bytes(len(MARK))


@pytest.mark.long
def test_a_sound_server_that_is_killed_as_a_stream_begins_ends_the_stream(desktop):
    for kind in ["input", "output"] * 10:
        with subprocess.Popen(
            [sys.executable, begun_streams.__file__, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as program:
            assert program.stdout.readline() == "begun\n"
            desktop.sound.kill()
            said, _ = program.communicate("close\n", timeout=60)
        assert said == "closed\n"
        desktop.sound.start()
