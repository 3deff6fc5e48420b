"""The client of the control socket, with daemons of all manners."""

from __future__ import annotations

import contextlib
import socket
import threading

import msgspec
import pytest

from voice_assistant import events
from voice_assistant.cli import control, signal
from voice_assistant.errors import DaemonError, NotRunning
from voice_assistant.system import control_address


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the socket is looked for."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "voice-assistant").mkdir()
    return tmp_path


@contextlib.contextmanager
def daemon(*pieces, stay=False):
    """Answer one line with these pieces; yields the lines that came."""
    came = []
    done = threading.Event()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(control_address.socket_file())
        listener.listen()

        def serve():
            connection, _ = listener.accept()
            with connection:
                came.append(connection.makefile("rb").readline())
                for piece in pieces:
                    connection.sendall(piece)
                if stay:
                    done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield came
        finally:
            done.set()
            thread.join(10)


@pytest.mark.usefixtures("folder")
def test_a_line_is_answered_by_a_line_however_it_comes():
    with daemon(b'{"pha', b'se":1', b"}\nrest") as came, control.Control() as client:
        assert client.request(b'{"command":"status"}') == b'{"phase":1}'
    assert came == [b'{"command":"status"}\n']


@pytest.mark.usefixtures("folder")
def test_many_lines_come_one_by_one_until_the_daemon_ends():
    with daemon(b"1\n2\n", b"3", b"\n4") as _, control.Control() as client:
        lines = client.stream(b"{}")
        assert [next(lines), next(lines), next(lines)] == [b"1", b"2", b"3"]
        with pytest.raises(DaemonError, match="ended before"):
            next(lines)


@pytest.mark.usefixtures("folder")
def test_a_daemon_that_hangs_is_distinguished_from_no_daemon():
    with daemon(stay=True) as _, control.Control() as client:
        lines = client.stream(b"{}", 0.01)
        with pytest.raises(DaemonError, match="does not answer"):
            next(lines)


@pytest.mark.usefixtures("folder")
def test_without_a_daemon_it_is_said_how_to_start_one():
    with pytest.raises(NotRunning, match="is not running") as caught:
        control.Control()
    assert "voice-assistant run" in caught.value.hint


@pytest.mark.usefixtures("folder")
def test_a_signal_is_one_line_with_its_numbers():
    with daemon(b'{"ok":true}\n') as came:
        assert signal.send("volume", level=0.25) == 0
    assert came == [b'{"command":"volume","level":0.25}\n']


@pytest.mark.usefixtures("folder")
def test_a_refused_signal_is_an_error():
    with daemon(b'{"error":"no"}\n'), pytest.raises(DaemonError, match="did not take"):
        signal.send("press")


@pytest.mark.parametrize(
    "line", [b'{"error":"no"}', b"", b"[" * 9999, b'{"event":"sung"}', b"\xff"]
)
def test_an_answer_of_another_version_is_told(line):
    with pytest.raises(DaemonError, match="does not understand") as caught:
        control.understood(line, msgspec.json.Decoder(events.AnyEvent))
    assert "quit" in caught.value.hint


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("answer", [b"\xff\xfe\n", b"x" * 100_000 + b"\n"])
def test_an_answer_that_no_assistant_gives_is_told_in_short(answer):
    with daemon(answer) as _, control.Control() as client:
        with pytest.raises(DaemonError, match="did not take the command") as told:
            client.order(b"{}")
        assert len(told.value.title) < 1000


@pytest.mark.usefixtures("folder")
def test_a_line_without_an_end_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(control, "_MOST_BYTES", 1000)
    cut = pytest.raises(DaemonError)
    with daemon(b"x" * 2000, stay=True) as _, control.Control() as client, cut:
        client.request(b"{}")


@pytest.mark.usefixtures("folder")
def test_a_daemon_that_hangs_in_a_turn_is_told_too(monkeypatch):
    monkeypatch.setattr(control, "ANSWER_S", 0.02)
    with daemon(b"1\n", stay=True) as _, control.Control() as client:
        lines = client.stream(b"{}")
        assert next(lines) == b"1"
        with pytest.raises(DaemonError, match="does not answer"):
            next(lines)


@pytest.mark.usefixtures("folder")
def test_a_turn_that_takes_long_is_waited_for_as_long_as_the_daemon_answers(monkeypatch):
    monkeypatch.setattr(control, "ANSWER_S", 0.5)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(control_address.socket_file())
        listener.listen()

        def serve():
            turn, _ = listener.accept()
            for _ in range(2):
                asked, _ = listener.accept()
                with asked:
                    asked.recv(100)
                    asked.sendall(b"{}\n")
            with turn:
                turn.sendall(b"2\n")

        thread = threading.Thread(target=serve)
        thread.start()
        with control.Control() as client:
            assert next(client.stream(b"{}")) == b"2"
        thread.join(10)


@pytest.mark.usefixtures("folder")
def test_a_daemon_that_drips_is_given_up():
    with daemon(*[b"x"] * 2, stay=True) as _, control.Control() as client:
        lines = client.stream(b"{}", 0.05)
        with pytest.raises(DaemonError, match="does not answer"):
            next(lines)
