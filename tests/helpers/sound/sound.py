"""A desktop that has only sound, for the tests of microphone and speaker."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from bench.parts import PipeWire, Sound

from voice_assistant.sound import portaudio, sound_server

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVERS = [
    pytest.param(Sound, id="pulseaudio"),
    pytest.param(
        PipeWire,
        id="pipewire",
        marks=[
            pytest.mark.long,
            pytest.mark.skipif(
                not (shutil.which("pipewire-pulse") and shutil.which("wireplumber")),
                reason="needs pipewire-pulse and wireplumber",
            ),
        ],
    ),
]
"""What sound servers can do is tried with both: `packaging/check.sh` does it with PipeWire."""


@contextmanager
def sound_desktop(server: type[Sound] = Sound) -> Iterator[Desktop]:
    """Run a sound server with a speaker and a microphone, which this process uses."""
    bus = issubclass(server, PipeWire)
    whole = Desktop(display=False, bus=bus, panel=False, notifications="", sound_server=server)
    with whole as desktop, desktop.active():
        sound_server._server_name.cache_clear()
        try:
            yield desktop
        finally:
            # Streams are closed on PortAudio's thread, perhaps later than they were asked to.
            portaudio.submit(lambda: None).result(portaudio.PATIENCE_S)
            assert not portaudio._open_streams
            sound_server._server_name.cache_clear()


def skip_on_pipewire(desktop: Desktop, why: str) -> None:
    """Skip the test where its trick works with PulseAudio only."""
    if desktop.sound.name == PipeWire.name:
        pytest.skip(why)


WAKES = "PipeWire wakes a suspended device for each stream"


@pytest.fixture(params=SERVERS)
def desktop(request) -> Iterator[Desktop]:
    """Run a sound server for each test, because a test may break it."""
    with sound_desktop(request.param) as desktop:
        yield desktop
