"""Music is paused while the assistant listens, and plays again whatever happens."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, Assistant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TESTS = Path(__file__).parent.parent


@contextmanager
def music(desktop) -> Iterator[Callable[[], str]]:
    """A player that plays; yields what returns what it does."""
    file = desktop.folder / "music"
    with (
        file.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "helpers.desktop.run_media_player"],
            env={**desktop.env, "PYTHONPATH": str(TESTS)},
            stdin=subprocess.PIPE,
            stdout=output,
        ) as player,
    ):
        try:
            wait_for(lambda: desktop.bus.has("org.mpris.MediaPlayer2.tests"), "the player plays")
            yield lambda: file.read_text().split()[-1]
        finally:
            player.kill()


def test_music_pauses_while_it_listens_and_plays_again_also_after_a_kill(desktop):
    with music(desktop) as now:
        with Assistant(desktop, NO_FACE) as assistant:
            assistant.tell("toggle")
            wait_for(lambda: now() == "Paused", "the music pauses")
            assistant.tell("stop")
            wait_for(lambda: now() == "Playing", "the music plays again")
            assistant.tell("toggle")
            wait_for(lambda: now() == "Paused", "the music pauses")
            assistant.process.kill()
        assert now() == "Paused"
        with Assistant(desktop, NO_FACE):
            wait_for(lambda: now() == "Playing", "the music plays again after the kill")
