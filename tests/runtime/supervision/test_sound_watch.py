from __future__ import annotations

import pytest

from voice_assistant.errors import SpeakerError
from voice_assistant.runtime.supervision import sound_watch
from voice_assistant.runtime.supervision.sound_watch import HANGS_S, SoundWatch


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(sound_watch, "LOOK_S", 0.0)


def watch(busy_s: list[float], *, works_elsewhere: bool) -> tuple[SoundWatch, list[str]]:
    """A watch that sees these times one after the other, and what happened."""
    happened = []

    async def probe() -> bool:
        happened.append("probed")
        return works_elsewhere

    times = iter(busy_s)
    return SoundWatch(lambda: happened.append("end"), lambda: next(times), probe), happened


async def test_a_hang_that_a_new_process_does_not_have_restarts_the_program():
    sound, happened = watch([0.0, 3.0, HANGS_S, HANGS_S + 1], works_elsewhere=True)
    with pytest.raises(SpeakerError, match="does not answer"):
        await sound.run(lambda: happened.append("ready"))
    assert happened == ["ready", "probed", "end"]


async def test_a_sound_server_that_hangs_for_everybody_is_waited_for():
    sound, happened = watch([HANGS_S + 1], works_elsewhere=False)
    with pytest.raises(SpeakerError, match="does not answer"):
        await sound.run(lambda: happened.append("ready"))
    assert happened == ["ready", "probed"]


@pytest.mark.parametrize(
    ("program", "works"),
    [("pass", True), ("raise SystemExit(1)", False), ("import time; time.sleep(60)", False)],
)
async def test_a_new_process_has_sound_only_if_it_ends_well_and_in_time(
    monkeypatch, program, works
):
    monkeypatch.setattr(sound_watch, "PROBE", (*sound_watch.PROBE[:-1], program))
    monkeypatch.setattr(sound_watch, "PROBE_S", 5.0 if works or "Exit" in program else 0.2)
    assert await sound_watch._works_elsewhere() is works
