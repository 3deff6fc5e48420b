"""All that tray, notifications and keys can do can also be typed.

That the window has it, too, is in `companion/test_every_way`.
"""

from __future__ import annotations

import ast
import json
import socket
import threading
from pathlib import Path

import msgspec
import pytest
from helpers.ways import AT_LOGIN, WAYS

from voice_assistant import commands
from voice_assistant.cli import outcome
from voice_assistant.cli.parsing import parser
from voice_assistant.command_words.meaning import Meaning, Situation, consent_of, meaning_of
from voice_assistant.commands import AnyCommand, Dictate
from voice_assistant.desktop.hotkey import COMMANDS as KEYS
from voice_assistant.desktop.tray.menu import Menu, entries
from voice_assistant.status import Choosable, Status
from voice_assistant.system import control_address

PACKAGE = Path(commands.__file__).parent
PHASES = ("idle", "listening", "thinking", "speaking", "paused", "error")
NO_WISHES = {Dictate}
"""What a key does to the window in front: beside it nothing can do that but `dictate`."""

EVERYTHING = Status(
    suggestions=("Why?",),
    failed_question="What?",
    can_rate=True,
    unanswered=True,
    unfinished=True,
    rings=True,
    recent_conversations=(("c1", "What?"),),
    profiles=("default", "work"),
    choices=(Choosable("microphone.device", "", ("USB",)),),
    volume=0.5,
    conversation_id="c1",
)


def chosen_in_the_tray(state: Status) -> set[type]:
    """The kinds of command that the menu posts, wherever one clicks."""
    posted: list[AnyCommand] = []

    def click(menu: Menu) -> None:
        for item in menu:
            if item.submenu:
                click(item.submenu)
            elif item is not Menu.SEPARATOR:
                item(None)

    click(Menu(*entries(state, posted.append)))
    return set(map(type, posted))


def clicked_in_notifications() -> set[type]:
    """The kinds of command that stand beside the label of any button, all over the package."""
    kinds = {one.__name__: one for one in AnyCommand.__args__}
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Button"), args=[_, ast.Call(func=ast.Name(id=name))]
                ) if name in kinds:
                    found.add(kinds[name])
    return found


def test_every_wish_of_tray_notifications_and_keys_has_its_other_ways():
    by_tray = set().union(
        *(chosen_in_the_tray(msgspec.structs.replace(EVERYTHING, phase=one)) for one in PHASES)
    )
    by_notification = clicked_in_notifications()
    by_key = {type(one) for one in KEYS.values()}
    assert len(by_tray) > 20, "the menu was clicked through"
    assert len(by_notification) > 8, "the buttons were found"
    assert (by_tray | by_notification | by_key) - NO_WISHES <= set(WAYS)


@pytest.mark.parametrize("way", {way.typed: way for way in (*WAYS.values(), AT_LOGIN)})
def test_what_is_typed_is_a_command(way):
    assert parser.parse(way.split()).command.words


ANSWERING = Situation(answering=True, answered=True, volume=0.5, speed=1.0)
ANSWERED = Situation(answered=True, follow_ups=("Why?", "And then?"))
RINGING = Situation(answering=True, rings=True, rings_there=True)
SAID = {
    commands.Stop: ("stop", ANSWERING),
    commands.Pause: ("wait", ANSWERING),
    commands.Resume: ("go on", ANSWERING),
    commands.Skip: ("next", ANSWERING),
    commands.Back: ("back", ANSWERING),
    commands.Repeat: ("repeat that", ANSWERED),
    commands.Volume: ("louder", ANSWERED),
    commands.Speed: ("slower", ANSWERED),
    commands.New: ("new conversation", ANSWERED),
    commands.Conversation: ("conversation mode on", ANSWERED),
    commands.Mute: ("mute yourself", ANSWERED),
    commands.OffRecord: ("off the record", ANSWERED),
    commands.LookAtScreen: ("look at my screen", ANSWERED),
    commands.Snooze: ("snooze", RINGING),
    commands.Rate: ("good answer", ANSWERED),
    commands.Window: ("open your settings", ANSWERED),
}
"""What is said, and when; a form and a picture are answered by words of their own."""

NOT_SAID = {
    *(commands.About, commands.Announce, commands.Choose, commands.Continue, commands.Copy),
    *(commands.OpenFiles, commands.Quit, commands.Retry, commands.SlowSpeaker),
    *(commands.UseProfile, commands.Wake),
}
"""What needs a key, a click or a typed word."""


@pytest.mark.parametrize("kind", SAID)
def test_what_steers_a_talk_can_be_said(kind):
    words, situation = SAID[kind]
    meaning = meaning_of(words, situation)
    assert meaning is not None
    assert isinstance(meaning.command, kind)


def test_a_follow_up_and_a_picture_are_chosen_by_words():
    assert meaning_of("the second one", ANSWERED) == Meaning(question="And then?")
    assert consent_of("yes, send it").command == commands.Consent(given=True)


def test_every_wish_can_be_said_or_is_named_as_one_that_cannot():
    by_other_words = {commands.Toggle, commands.Ask, commands.FollowUp, commands.Fill}
    assert set(WAYS) == set(SAID) | NOT_SAID | by_other_words | {commands.Consent}


@pytest.fixture
def orders(tmp_path, monkeypatch):
    """A daemon that takes every order; yields the orders."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "voice-assistant").mkdir()
    came: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(control_address.socket_file())
        listener.listen()

        def serve():
            try:
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        came.append(connection.makefile("rb").readline())
                        connection.sendall(b'{"ok":true}\n')
            except OSError:
                pass  # the end

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield came
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


ORDERS = {
    kind: way.typed
    for kind, way in WAYS.items()
    if getattr(parser.parse(way.typed.split()).command, "of_running", False)
}
"""What is typed and goes to the running assistant as it is."""


@pytest.mark.parametrize("kind", ORDERS)
def test_what_is_typed_does_what_the_tray_does(kind, orders, capsys):
    assert outcome.of(ORDERS[kind].split()) == 0
    assert capsys.readouterr().err == ""
    assert [json.loads(one)["command"] for one in orders] == [kind.__struct_config__.tag]
    assert isinstance(msgspec.json.decode(orders[0], type=AnyCommand), kind)


def test_most_of_it_goes_to_the_running_assistant():
    assert len(ORDERS) > 15
