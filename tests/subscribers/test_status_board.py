"""The one status, derived from events, from missing parts and from the disk."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import msgspec
from fakes import until, utter
from helpers.audio.wav_files import write_wav

from voice_assistant import events
from voice_assistant.api.alerts import WaitingTimer
from voice_assistant.audio.codec.files import WavWriter
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.backend.apps import App
from voice_assistant.desktop.hotkey.keys import TALK
from voice_assistant.errors import HotkeyError, MicrophoneError, SpeakerError
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.attention import Attention
from voice_assistant.history.recorder import Recorder
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.desktop import HotkeySettings
from voice_assistant.speech.player import Player
from voice_assistant.status import Status
from voice_assistant.subscribers.missing_parts import MissingParts
from voice_assistant.subscribers.status_board import StatusBoard, StatusSources
from voice_assistant.subscribers.watched_disk import WatchedDisk

OFF: Any = SimpleNamespace(on=False)


def board_of(
    archive: Archive, login: Any = OFF, missing: MissingParts | None = None, **beside: Any
) -> tuple[StatusBoard, list[Status]]:
    """A board, and the statuses that it has passed on so far."""
    around: Any = SimpleNamespace(
        **{"name": "a server", "id": "", "info": None, "server_version": "", "kept_open": False}
        | {
            "level_dbfs": None,
            "muted": False,
            "rating": "",
            "can_rate": False,
            "on_change": print,
            "found": (),
        }
        | beside
    )
    app = App(around, around, around)
    sources = StatusSources(
        missing=missing or MissingParts(),
        app=lambda: app,
        player=Player(),
        microphone=around,
        attention=Attention(Settings().hands_free),
        recorder=Recorder(Any),
        ratings=around,
        recent=around,
    )
    disk = WatchedDisk(archive, login, lambda: app.conversation.id)
    board = StatusBoard(sources, disk, Settings(), poll_s=0.005)
    shown: list[Status] = []
    board.follow(shown.append)
    return board, shown


async def test_a_recording_that_another_process_keeps_or_deletes_is_seen(tmp_path):
    archive = Archive(tmp_path / "recordings")
    board, shown = board_of(archive)
    assert not shown[-1].unanswered
    watching = asyncio.create_task(board.run())
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
    watching = asyncio.create_task(board.run())
    login.on = False
    await until(lambda: not shown[-1].starts_at_login)
    watching.cancel()


def test_a_recording_is_offered_when_its_turn_ends_and_not_while_it_grows(tmp_path):
    archive = Archive(tmp_path / "recordings")
    board, shown = board_of(archive)
    writer = WavWriter(archive.new_file(), SPEECH_RATE_HZ)
    writer.write(utter("hello"))
    board.handle(events.Idle(turn=1))
    assert not shown[-1].unanswered
    writer.close()
    board.handle(events.Idle(turn=2))
    assert shown[-1].unanswered
    assert board_of(archive)[1][-1].unanswered, "and after a restart"


def test_a_typed_question_that_failed_is_offered_until_something_else_is_asked(tmp_path):
    board, shown = board_of(Archive(tmp_path / "recordings"))
    asked = events.Asked(turn=1, question="why", source="text", files=("/a",))
    failed = events.Failed(turn=1, title="x", hint="", code="x", question="why")
    for event in (asked, failed, events.Idle(turn=1)):
        board.handle(event)
    assert (shown[-1].failed_question, shown[-1].failed_files) == ("why", ("/a",))
    board.handle(events.Asked(turn=2, question="how", source="text"))
    assert shown[-1].failed_question == ""


def test_a_part_that_is_missing_is_shown_until_it_works_again(tmp_path):
    missing = MissingParts()
    board, shown = board_of(Archive(tmp_path), missing=missing)
    missing.report_problem("microphone", MicrophoneError("There is no microphone", "Connect one."))
    assert shown[-1].problems == ("There is no microphone",)
    assert shown[-1].missing == ("There is no microphone. Connect one.",)
    missing.report_problem("speaker", SpeakerError("There is no speaker"))
    assert board.status().missing[1:] == ("There is no speaker.",)
    missing.clear_problem("microphone")
    missing.clear_problem("speaker")
    assert (shown[-1].problems, shown[-1].missing) == ((), ())


def test_the_talk_key_is_named_while_it_works(tmp_path):
    missing = MissingParts()
    _, shown = board_of(Archive(tmp_path), missing=missing)
    assert shown[-1].talk_key == "Ctrl+Alt+Space"
    missing.report_problem(TALK, HotkeyError("Another program has the key"))
    assert shown[-1].talk_key == ""


def test_a_microphone_that_has_just_been_opened_is_shown_at_once(tmp_path):
    missing = MissingParts()
    board, shown = board_of(Archive(tmp_path), missing=missing)
    board._sources.microphone.kept_open = True
    missing.clear_problem("microphone")
    assert shown[-1].microphone_open


def test_follow_ups_are_shown_until_the_next_question(tmp_path):
    board, shown = board_of(Archive(tmp_path))
    board.handle(events.Suggested(questions=("Why?",), turn=1))
    board.handle(events.Idle(turn=1))
    assert shown[-1].suggestions == board.status().suggestions == ("Why?",)
    board.handle(events.Asked(question="Why?", source="suggestion", turn=2))
    assert shown[-1].suggestions == ()


def test_the_level_is_in_the_answer_to_status_and_changes_no_menu(tmp_path):
    board, shown = board_of(Archive(tmp_path), level_dbfs=-30.0)
    board.handle(events.Listening(turn=1))
    assert [status.level_dbfs for status in shown] == [None, None]
    assert board.status().level_dbfs == -30.0


async def test_the_conversation_is_that_of_the_disk(tmp_path):
    board, shown = board_of(Archive(tmp_path), id="c1")
    assert shown[-1].conversation_id == "c1"
    board._sources.app().conversation.id = "c2"
    assert board.status().conversation_id == "c2", "at once"
    following = asyncio.create_task(board.run())
    await until(lambda: shown[-1].conversation_id == "c2")
    following.cancel()


def test_an_event_that_changes_nothing_is_passed_on_to_nobody(tmp_path):
    board, shown = board_of(Archive(tmp_path))
    board.handle(events.Asked(question="Why?", source="text", turn=1))
    for _ in range(3):
        board.handle(events.Text(delta="because", turn=1))
    assert [status.phase for status in shown] == ["idle", "thinking"]


def test_the_way_to_talk_is_that_of_the_settings(tmp_path):
    board, _ = board_of(Archive(tmp_path / "recordings"))
    board.use(Settings(hotkey=HotkeySettings(keys="f9", mode="hold")))
    assert board.status().how_to_talk == "Hold F9 while you speak. Tap it twice to stop everything."
    board.use(Settings(hotkey=HotkeySettings(keys="")))
    assert board.status().how_to_talk == ""


def test_the_json_of_the_status_has_all_its_keys_even_with_nothing_to_say():
    assert set(json.loads(msgspec.json.encode(Status()))) >= {
        *("version", "pid", "phase", "backend", "app", "server_version", "conversation_id"),
        *("volume", "speed", "microphone_open", "level_dbfs", "missing"),
    }


def phases(*told: events.AnyEvent) -> list[events.Phase]:
    """The phase after each event."""
    derived = events.Phases()
    seen: list[events.Phase] = []
    for event in told:
        derived.handle(event)
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


def test_an_error_stays_until_the_next_turn_and_silence_is_no_error():
    failed = events.Failed(title="It is gone", hint="", code="unreachable", turn=1)
    assert phases(failed, events.Idle(turn=1), events.Listening(turn=2), events.Idle(turn=2)) == [
        *("error", "error", "listening", "idle")
    ]
    for harmless in ("nothing_heard", "input", "microphone_off"):
        silence = events.Failed(title="No words", hint="", code=harmless, turn=3)
        assert phases(events.Listening(turn=3), silence, events.Idle(turn=3)) == [
            *("listening", "listening", "idle")
        ]


def test_an_alarm_rings_until_its_turn_is_over(tmp_path):
    board, shown = board_of(Archive(tmp_path))
    board.handle(events.Announced(text="Tea is done.", rings=True, turn=1))
    assert shown[-1].rings
    board.handle(events.Idle(turn=2))
    assert shown[-1].rings
    board.handle(events.Idle(turn=1))
    assert not shown[-1].rings


def test_a_problem_that_stops_every_question_is_distinguished_from_others(tmp_path):
    missing = MissingParts()
    board, shown = board_of(Archive(tmp_path), missing=missing)
    missing.report_problem("speaker", SpeakerError("There is no speaker"))
    assert shown[-1].not_ready == ""
    missing.report_problem("microphone", MicrophoneError("There is no microphone"))
    assert shown[-1].not_ready == board.status().not_ready == "There is no microphone"
    missing.clear_problem("microphone")
    assert shown[-1].not_ready == ""


def test_timers_that_wait_are_shown(tmp_path):
    board, shown = board_of(Archive(tmp_path))
    board.show_timers([WaitingTimer(text="The tea is ready.", due=60.0)])
    assert shown[-1].timers == (("The tea is ready.", 60.0),)
