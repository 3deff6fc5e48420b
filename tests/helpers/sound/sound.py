"""A desktop that has only sound, for the tests of microphone and speaker."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from bench import Desktop

from voice_assistant.sound import portaudio

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sound_desktop() -> Iterator[Desktop]:
    """Run a sound server with a speaker and a microphone, which this process uses."""
    with Desktop(display=False, bus=False) as desktop, desktop.active():
        try:
            yield desktop
        finally:
            # Streams are closed on PortAudio's thread, perhaps later than they were asked to.
            portaudio.submit(lambda: None).result(portaudio.PATIENCE_S)
            assert not portaudio._open_streams


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Run a sound server for each test, because a test may break it."""
    with sound_desktop() as desktop:
        yield desktop
