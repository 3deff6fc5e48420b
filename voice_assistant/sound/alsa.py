"""Asks ALSA for its configuration before PortAudio does, whose check of it ends the process."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def has_default() -> bool:
    """Return whether ALSA's configuration has a default device; True where there is no ALSA.

    Without one, also where the files are missing or are being written, PortAudio aborts the whole
    program as it lists the devices (`BuildDeviceList` in its pa_linux_alsa.c asserts that one
    device is left for later, which is the default).
    """
    if sys.platform != "linux":
        return True
    with contextlib.suppress(OSError, ValueError):  # no ALSA, or one without these names
        alsa = ctypes.CDLL("libasound.so.2")
        alsa.snd_config_update()
        root = ctypes.c_void_p.in_dll(alsa, "snd_config")
        found = ctypes.c_void_p()
        return bool(root) and alsa.snd_config_search(root, b"pcm.default", ctypes.byref(found)) >= 0
    return True
