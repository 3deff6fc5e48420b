"""Gives PortAudio's threads stacks that no thread has used before.

If a sound server is killed between the begin of a stream and its first samples, PortAudio (19.6 and
19.7, with ALSA) reads a number of frames that it has not set yet, from the stack of the stream's
thread. Unless that is zero, the thread spins for ever and prints, and `Pa_CloseStream` waits for it
for ever (`PaAlsaStream_WaitForFrames` and its `framesAvail`).

The C library of Linux keeps the stacks of ended threads, up to 40 MB of them, and gives them to new
threads as they are. It never keeps a larger stack: that is made anew, of zeros. Only the part that
is used takes memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STACK_BYTES = 48 << 20
"""More than the C library keeps (`glibc.pthread.stack_cache_size`)."""
_ATTRIBUTES_BYTES = 256  # `pthread_attr_t` has 56 to 64


@contextlib.contextmanager
def unused_stacks() -> Iterator[None]:
    """Let threads that are started in this context by any library begin on unused stacks.

    A Python thread does too. Without the C library `glibc`, this changes nothing.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "pthread_setattr_default_np"):
        yield
        return
    before, larger = (ctypes.create_string_buffer(_ATTRIBUTES_BYTES) for _ in range(2))
    for attributes in (before, larger):
        library.pthread_getattr_default_np(attributes)
    library.pthread_attr_setstacksize(larger, ctypes.c_size_t(STACK_BYTES))
    library.pthread_setattr_default_np(larger)
    try:
        yield
    finally:
        library.pthread_setattr_default_np(before)
