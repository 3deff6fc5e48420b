from __future__ import annotations

import asyncio
import json
import socket
import stat
import tracemalloc
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fakes import until

from voice_assistant import commands, events
from voice_assistant.backend.embedded_process import Served
from voice_assistant.errors import ConfigError
from voice_assistant.runtime.live_settings import Change
from voice_assistant.runtime.process import control_socket as control
from voice_assistant.status import Status
from voice_assistant.system import control_address


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


STATUS = Status(
    version="1",
    pid=7,
    phase="idle",
    backend="b",
    app="an app",
    server_version="1.14.0",
    conversation_id="",
    volume=1.0,
    speed=1.0,
    missing=("x. y",),
)


def reachable() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(control_address.socket_file()) == 0


@asynccontextmanager
async def served(changed=Change, **how):
    """A control socket whose commands are collected."""
    posted = []
    served_socket = control.ControlSocket(
        lambda command, listener: posted.append((command, listener)), lambda: STATUS, changed, **how
    )
    task = asyncio.create_task(served_socket.run())
    await until(reachable)
    try:
        yield posted
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert not Path(control_address.socket_file()).exists()


async def say(line: bytes) -> list[dict]:
    reader, writer = await asyncio.open_unix_connection(control_address.socket_file())
    writer.write(line)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return [json.loads(one) for one in answer.splitlines()]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b'{"command":"press"}\n', commands.Press()),
        (b'{"command":"release"}\n', commands.Release()),
        (b'{"command":"toggle"}\n', commands.Toggle()),
        (b'{"command":"stop"}\n', commands.Stop()),
        (b'{"command":"new"}\n', commands.New()),
        (b'{"command":"quit"}\n', commands.Quit()),
    ],
)
async def test_a_line_is_a_command_and_is_confirmed(line, command):
    async with served() as posted:
        assert await say(line) == [{"ok": True}]
        assert posted == [(command, None)]


@pytest.mark.parametrize(
    "line", [b"\n", b"press\n", b"{}\n", b'{"command":"fly"}\n', b'{"command":"ask","text":1}\n']
)
async def test_an_unknown_command_is_refused_in_words(line):
    async with served() as posted:
        (answer,) = await say(line)
        assert answer["error"].startswith("That is no command")
        assert posted == []
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]


async def test_a_command_nested_too_deeply_is_refused_in_words():
    async with served() as posted:
        for line in (b'{"x":' + b"[" * 90_000, b'{"x":' * 20_000):
            (answer,) = await say(line + b"\n")
            assert "nested too deeply" in answer["error"]
        assert posted == []
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]


async def test_a_line_without_end_does_no_harm():
    async with served() as posted:
        assert await say(b"x" * (control.LONGEST_LINE_BYTES + 10)) == []
        assert posted == []
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]


async def test_status_is_answered_at_once():
    async with served() as posted:
        (answer,) = await say(b'{"command":"status"}\n')
        assert answer["phase"] == "idle"
        assert answer["missing"] == ["x. y"]
        assert posted == []


async def test_changed_settings_are_read_and_what_holds_when_is_answered():
    async with served(lambda: Change(("speech.speed",), ("backend.url",))) as posted:
        assert await say(b'{"command":"settings"}\n') == [
            {"at_once": ["speech.speed"], "after_restart": ["backend.url"]}
        ]
        assert posted == []


async def test_settings_that_cannot_be_used_are_refused_in_words():
    def refuse():
        raise ConfigError("speech.speed is 9", "It goes from 0.5 to 3.")

    async with served(refuse):
        (answer,) = await say(b'{"command":"settings"}\n')
        assert answer == {"error": "speech.speed is 9. It goes from 0.5 to 3."}


async def test_ask_is_answered_with_the_events_of_its_turn():
    async with served() as posted:
        asking = asyncio.create_task(say(b'{"command":"ask","text":"why"}\n'))
        await until(lambda: posted)
        command, listener = posted[0]
        assert command == commands.Ask(text="why")
        listener(events.Asked(question="why", source="text", turn=3, t_ms=1))
        listener(events.Idle(turn=3, t_ms=2))
        assert await asking == [
            {"event": "asked", "turn": 3, "t_ms": 1}
            | {"question": "why", "source": "text", "files": [], "sure": True}
            | {"app": "", "profile": "", "goes_on": ""},
            {"event": "idle", "turn": 3, "t_ms": 2},
        ]
        assert len(posted) == 1


async def test_a_file_whose_name_is_no_utf_8_arrives_and_is_told_of():
    async with served() as posted:
        asking = asyncio.create_task(say(b'{"command":"ask","audio":"/w\\udcfc.wav"}\n'))
        await until(lambda: posted)
        command, listener = posted[0]
        assert command == commands.Ask(audio="/w\udcfc.wav")
        listener(events.Failed(title="/w\udcfc.wav is no audio", hint="", code="input"))
        listener(events.Idle())
        failed, _ = await asking
        assert failed["title"] == "/w\udcfc.wav is no audio"


async def test_a_client_that_disconnects_before_the_end_stops_the_turn():
    async with served() as posted:
        _, writer = await asyncio.open_unix_connection(control_address.socket_file())
        writer.write(b'{"command":"ask","text":"why"}\n')
        await until(lambda: posted)
        writer.close()
        await until(lambda: len(posted) == 2)
        assert posted[1] == (commands.Stop(), None)
        posted[0][1](events.Idle())


async def test_only_its_owner_can_reach_it():
    async with served():
        file = control_address.socket_file()
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
        assert stat.S_IMODE(Path(control_address.runtime_dir()).stat().st_mode) == 0o700


async def test_where_the_embedded_backend_serves_is_told():
    async with served(served=lambda: Served("http://127.0.0.1:9/v1", "secret")):
        assert await say(b'{"command":"backend"}\n') == [
            {"url": "http://127.0.0.1:9/v1", "token": "secret"}
        ]
    async with served():
        assert await say(b'{"command":"backend"}\n') == [{"url": "", "token": ""}]


async def test_a_socket_left_by_a_killed_daemon_is_replaced():
    Path(control_address.runtime_dir()).mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(control_address.socket_file())
    async with served():
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]


async def test_a_nested_line_is_refused_in_words():
    async with served() as posted:
        (answer,) = await say(b'{"command":"ask","files":' + b"[" * 100_000 + b"\n")
        assert answer["error"].startswith("That is no command")
        assert posted == []


@asynccontextmanager
async def watched(caplog):
    """A control socket that looks often whether its file is still there."""
    caplog.set_level("WARNING")
    served_socket = control.ControlSocket(lambda *_: None, lambda: STATUS, Change, look_s=0.01)
    task = asyncio.create_task(served_socket.run())
    await until(reachable)
    try:
        yield Path(control_address.socket_file())
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_socket_that_is_deleted_is_made_again(caplog):
    async with watched(caplog) as file:
        file.unlink()
        await until(reachable)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]
    assert caplog.text.count("is gone") == 1


@pytest.mark.parametrize("trap", ["file", "folder gone"])
async def test_a_socket_that_is_replaced_is_made_again(caplog, trap):
    async with watched(caplog) as file:
        file.unlink()
        if trap == "file":
            file.touch()
        else:
            file.parent.rmdir()
        await until(reachable)
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]


async def test_where_no_socket_can_be_made_for_now_it_is_told_once_and_made_later(caplog):
    async with watched(caplog) as file:
        file.unlink()
        file.mkdir()
        await until(lambda: "nobody can reach the assistant" in caplog.text)
        await asyncio.sleep(0.05)
        file.rmdir()
        await until(reachable)
    assert caplog.text.count("nobody can reach") == 1


async def test_a_turn_goes_on_while_the_socket_is_made_again(caplog):
    async with served() as posted:
        asking = asyncio.create_task(say(b'{"command":"ask","text":"why"}\n'))
        await until(lambda: posted)
        Path(control_address.socket_file()).unlink()
        posted[0][1](events.Idle(turn=3, t_ms=2))
        assert await asking == [{"event": "idle", "turn": 3, "t_ms": 2}]


async def test_too_many_questions_at_once_are_refused_in_words():
    async with served(most=2) as posted:
        asking = [asyncio.create_task(say(b'{"command":"ask","text":"why"}\n')) for _ in range(2)]
        await until(lambda: len(posted) == 2)
        failed, idle = await say(b'{"command":"ask","text":"why"}\n')
        assert failed["title"] == "The assistant is asked too many questions at once"
        assert idle["event"] == "idle"
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]
        for _, listener in posted[:2]:
            listener(events.Idle())
        await asyncio.gather(*asking)


@pytest.mark.parametrize("begun", [b"", b'{"command":'])
async def test_connections_that_say_nothing_are_closed(begun):
    async with served(line_s=0.05) as posted:
        silent = [
            await asyncio.open_unix_connection(control_address.socket_file()) for _ in range(20)
        ]
        for _, writer in silent:
            writer.write(begun)
        for reader, writer in silent:
            assert await reader.read() == b""
            writer.close()
        assert await say(b'{"command":"press"}\n') == [{"ok": True}]
        assert posted == [(commands.Press(), None)]


async def test_what_is_sent_behind_a_question_is_not_kept():
    async with served() as posted:
        _, writer = await asyncio.open_unix_connection(control_address.socket_file())
        writer.write(b'{"command":"ask","text":"hi"}\n')
        await until(lambda: posted)
        tracemalloc.start()
        try:
            for _ in range(200):
                writer.write(b"x" * 100_000)
                await writer.drain()
            await until(lambda: not writer.transport.get_write_buffer_size())
            kept_bytes, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert kept_bytes < 5_000_000
        writer.close()
        await until(lambda: len(posted) == 2)
        assert posted[1] == (commands.Stop(), None)
