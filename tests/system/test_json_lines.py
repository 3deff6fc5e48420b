"""Messages on the control socket, with every file name and with nonsense."""

from __future__ import annotations

import msgspec
import pytest

from voice_assistant import events
from voice_assistant.commands import AnyCommand, Ask
from voice_assistant.system.json_lines import decoded, encoded

COMMANDS = msgspec.json.Decoder(AnyCommand)

NAMES = [
    "/home/a.pdf",
    "/home/größe.pdf",
    "/home/日本.wav",
    "/home/👩\u200d🚀",
    "/home/say \\udead.txt",
]
NAMES += [
    raw.decode(errors="surrogateescape") for raw in (b"/b\xe9richt", b"/\xb1\xa8.pdf", b"\xff")
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_arrives(name):
    command = Ask(text="größer?", audio=name, files=(name, "b"))
    line = encoded(command)
    assert b"\n" not in line
    assert decoded(line, COMMANDS) == command


def test_an_event_about_such_a_file_arrives():
    event = events.Failed(title="\udce9 cannot be read", hint="", code="input")
    assert decoded(encoded(event), msgspec.json.Decoder(events.AnyEvent)) == event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[" * 100_000,
        b'{"command":' * 50_000,
        b'{"command":"ask","text":' + b"[" * 50_000 + b'"\\udce9"',
        b'{"command":"ask","text":"\\udce9"',
        b'{"command":"ask","text":7,"audio":"\\udce9"}',
        b'{"command":"ask","text":"\\udZZZ"}',
        b'{"command":"volume","level":NaN,"x":"\\udce9"}',
        b"\xff\xfe",
    ],
)
def test_nonsense_is_an_error_in_words(line):
    with pytest.raises(msgspec.DecodeError) as caught:
        decoded(line, COMMANDS)
    assert str(caught.value)
