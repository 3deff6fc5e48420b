"""What the tests of microphone and speaker share: a desktop that has only sound."""

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
    """A sound server with its speaker and microphone, in which this very process lives."""
    with Desktop(display=False, bus=False) as desktop, desktop.active():
        try:
            yield desktop
        finally:
            # Streams are closed on PortAudio's thread, perhaps later than they were asked to.
            portaudio.submit(lambda: None).result(portaudio.PATIENCE_S)
            assert not portaudio._open_streams


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """One of these for each test: it may harm it."""
    with sound_desktop() as desktop:
        yield desktop
