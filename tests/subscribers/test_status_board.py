"""What the tray is told of how things stand."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from fakes import until, utter
from helpers.audio.wav_files import write_wav

from voice_assistant import events
from voice_assistant.audio.codec.files import WavWriter
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.hearing.archive import Archive
from voice_assistant.speech.player import Player
from voice_assistant.subscribers.status_board import StatusBoard

OFF: Any = SimpleNamespace(on=False)


def board_of(archive: Archive, login: Any = OFF) -> tuple[StatusBoard, list[Any]]:
    """A board, and the states that it showed so far."""
    nothing: Any = SimpleNamespace(kept_open=False)
    board = StatusBoard(
        nothing, nothing, nothing, archive, Player(), microphone=nothing, login=login
    )
    shown: list[Any] = []
    board.follow(shown.append)
    return board, shown


async def test_a_recording_that_another_process_keeps_or_deletes_is_seen(tmp_path):
    archive = Archive(tmp_path / "recordings")
    board, shown = board_of(archive)
    assert not shown[-1].unanswered
    watching = asyncio.create_task(board.watch_disk(0.005))
    file = archive.new_file()
    write_wav(file, utter("hello"), SPEECH_RATE_HZ)
    await until(lambda: shown[-1].unanswered)
    file.unlink()
    await until(lambda: not shown[-1].unanswered)
    watching.cancel()


async def test_a_login_that_others_change_is_seen(tmp_path):
    login = SimpleNamespace(on=True)
    board, shown = board_of(Archive(tmp_path), login)
    assert shown[-1].starts_at_login
    watching = asyncio.create_task(board.watch_disk(0.005))
    login.on = False
    await until(lambda: not shown[-1].starts_at_login)
    watching.cancel()


def test_a_recording_is_offered_when_its_turn_ends_and_not_while_it_grows(tmp_path):
    archive = Archive(tmp_path / "recordings")
    board, shown = board_of(archive)
    writer = WavWriter(archive.new_file(), SPEECH_RATE_HZ)
    writer.write(utter("hello"))
    board.tell(events.Idle(turn=1))
    assert not shown[-1].unanswered
    writer.close()
    board.tell(events.Idle(turn=2))
    assert shown[-1].unanswered
    assert board_of(archive)[1][-1].unanswered, "and after a restart"


def phases(*told: events.AnyEvent) -> list[events.Phase]:
    """The phase after each event."""
    derived = events.Phases()
    seen: list[events.Phase] = []
    for event in told:
        derived.tell(event)
        seen.append(derived.now)
    return seen


def test_the_phase_is_that_of_the_newest_turn_that_goes_on():
    assert phases(
        events.Asked(question="why", source="text", turn=1),
        events.Speaking(turn=1),
        events.Paused(turn=1),
        events.Listening(turn=2),
        events.Text(delta="because", turn=1),
        events.Idle(turn=2),
        events.Resumed(turn=1),
        events.Listening(turn=3),
        events.Idle(turn=1),
        events.Transcribing(turn=3),
        events.Idle(turn=3),
    ) == [
        *("thinking", "speaking", "paused", "listening", "listening", "paused"),
        *("speaking", "listening", "listening", "thinking", "idle"),
    ]


def test_an_error_stays_until_the_next_turn_and_silence_is_none():
    failed = events.Failed(title="It is gone", hint="", code="unreachable", turn=1)
    assert phases(failed, events.Idle(turn=1), events.Listening(turn=2), events.Idle(turn=2)) == [
        *("error", "error", "listening", "idle")
    ]
    silence = events.Failed(title="No words", hint="", code="nothing_heard", turn=3)
    assert phases(events.Listening(turn=3), silence, events.Idle(turn=3)) == [
        *("listening", "listening", "idle")
    ]
