"""The table of commands: what is typed, what help says, and the functions that it names."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from voice_assistant import errors
from voice_assistant.cli import signal
from voice_assistant.cli.commands import COMMANDS, GROUPS
from voice_assistant.cli.parsing import parser
from voice_assistant.cli.parsing.command import Command, ServerCommand
from voice_assistant.cli.parsing.lazy import LazyFunction, LazyModule
from voice_assistant.cli.terminal.layout import columns
from voice_assistant.commands import AnyCommand
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.translation import AUTO, choose

README = Path(__file__).parents[2] / "README.md"
KEYS = {one.key for one in every_setting()}
WORDS = [command.words for command in COMMANDS]

every_command = pytest.mark.parametrize("command", COMMANDS, ids=WORDS)


def function_of(command):
    """What the table names, loaded."""
    return command.do.load() if isinstance(command.do, LazyFunction) else command.do


@every_command
def test_the_function_of_a_command_takes_just_what_can_be_typed(command):
    one = parser.Parser()
    parser.add_arguments(one, command)
    typed = {action.dest for action in one._actions} - {"help"}
    settings = {name for name in typed if "." in name}
    assert settings <= KEYS
    arguments = (typed - settings) | set(command.fixed)
    function = function_of(command)
    assert inspect.iscoroutinefunction(function) == isinstance(command, ServerCommand)
    parameters = inspect.signature(function).parameters.values()
    names = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD}
    assert not settings or any(p.kind is p.VAR_KEYWORD for p in parameters)
    if isinstance(command, ServerCommand):
        arguments = (arguments - {"as_json"}) | {"at"}
    assert names == arguments


@every_command
def test_a_command_stands_in_the_help_of_what_it_begins_with(command, capsys):
    group, _, last = command.words.rpartition(" ")
    assert not group or group in GROUPS
    with pytest.raises(SystemExit) as caught:
        parser.parse([*group.split(), "--help"])
    assert caught.value.code == 0
    help_ = " ".join(capsys.readouterr().out.split())
    assert f" {last} {command.help}" in help_


@every_command
def test_the_readme_names_every_command(command):
    readme = README.read_text(encoding="utf-8")
    table = readme[readme.index("| command |") :]
    quoted = re.findall(r"`([^`]+)`", table[: table.index("\n\n")])
    first, last = command.words.split()[0], command.words.split()[-1]
    assert any(words.split()[0] == first for words in quoted)
    if not isinstance(command, ServerCommand):
        assert any(last in words.split() for words in quoted)


def test_no_command_is_there_twice():
    assert sorted(set(WORDS)) == sorted(WORDS)


def test_a_function_that_is_not_there_shows_when_it_is_loaded():
    for function in (
        LazyModule("voice_assistant.cli.settings").sing,
        LazyModule("voice_assistant.cli.singing").show,
    ):
        assert "not loaded" in repr(function)
        with pytest.raises((AttributeError, ModuleNotFoundError)):
            function()


@pytest.mark.parametrize("name", [*signal.SIGNALS, "back"])
def test_the_daemon_knows_every_signal(name):
    line = msgspec.json.encode({"command": name})
    assert type(msgspec.json.decode(line, type=AnyCommand)).__name__.lower() == name


def test_skip_goes_back_if_that_is_typed():
    assert parser.parse(["skip"]).arguments == {"command": "skip"}
    assert parser.parse(["skip", "--back"]).arguments == {"command": "back"}


@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        ("autostart on", {"on": True}),
        ("autostart off", {"on": False}),
        ("recordings play", {"which": "1"}),
        ("recordings retry", {"which": "", "as_json": False}),
        ("recordings delete 2 3", {"names": ["2", "3"], "every": False}),
        ("recordings delete --all", {"names": [], "every": True}),
        ("config show --default", {"default": True}),
        ("volume 40", {"level": 40}),
        ("speed", {"factor": None}),
        (
            "ask --file a --file b --no-speech so what",
            {
                "text": ["so", "what"],
                "files": ["a", "b"],
                "audio": None,
                "save_speech": None,
                "as_json": False,
                "speech": False,
                "literal": False,
                "form": [],
                "new": False,
                "profile": None,
                "clipboard": False,
                "selection": False,
                "screen": None,
                "follow": None,
                "plain": False,
            },
        ),
    ],
)
def test_typed_words_become_the_functions_arguments(typed, arguments):
    assert parser.parse(typed.split()).arguments == arguments


@pytest.mark.parametrize(
    "typed", ["recordings delete", "recordings delete --all 2", "volume 0.5", "speed fast"]
)
def test_arguments_that_make_no_sense_are_refused(typed, capsys):
    with pytest.raises(SystemExit) as caught:
        parser.parse(typed.split())
    assert caught.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recodings list", "did you mean recordings?"),
        ("realease", "did you mean release?"),
        ("stauts", "did you mean status?"),
        ("config pth", "did you mean path?"),
        ("annotations repyl status", "did you mean reply?"),
        ("menu 42", "choose add or remove"),
    ],
)
def test_a_mistyped_command_is_told_what_was_meant(typed, meant, capsys):
    with pytest.raises(SystemExit) as caught:
        parser.parse(typed.split())
    assert caught.value.code == 2
    assert meant in capsys.readouterr().err


def classes(kind=errors.AssistantError):
    """An error and all that are more special."""
    return [kind, *(found for child in kind.__subclasses__() for found in classes(child))]


def test_every_exit_status_is_explained_where_it_is_defined(capsys):
    used = {kind.exit_code for kind in classes()}
    assert used | {0, 2, errors.INTERRUPTED} == set(errors.EXIT_STATUS)
    with pytest.raises(SystemExit):
        parser.parse(["--help"])
    help_ = capsys.readouterr().out
    for status, what in errors.EXIT_STATUS.items():
        assert re.search(rf"^ +{status} +{re.escape(what)}$", help_, re.MULTILINE)


def test_a_signal_loads_next_to_nothing():
    program = (
        "import sys\n"
        "from voice_assistant.cli import main\n"
        "before = set(sys.modules)\n"
        "sys.argv = ['voice-assistant', 'press']\n"
        "import voice_assistant.cli.signal\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={"PYTHONPATH": str(README.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "voice_assistant.cli.signal" in loaded
    assert loaded.isdisjoint({"argparse", "json", "re", "socket", "typing", "enum", "numpy"})
    ours = {name for name in loaded if name.startswith("voice_assistant.")}
    assert len(ours) < 8


def test_a_command_without_a_name_of_its_own_is_run_with_its_arguments():
    given = []

    def do(**arguments):
        given.append(arguments)
        return 3

    command = Command("sing", "sing", do, fixed={"loud": True})
    assert command.run({"song": "la", **command.fixed}) == 3
    assert given == [{"song": "la", "loud": True}]


@every_command
def test_every_help_text_has_chinese_words(command):
    choose("zh_CN")
    try:
        texts = [command.help, *(one.help for one in command.arguments if one.what)]
    finally:
        choose(AUTO)
    assert [text for text in texts if not re.search("[\u4e00-\u9fff]", text)] == []


def test_the_help_of_a_chinese_user_is_chinese_and_fits_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    choose("zh_CN")
    try:
        for words in ([], ["ask"], ["history"]):
            with pytest.raises(SystemExit):
                parser.parse([*words, "--help"])
    finally:
        choose(AUTO)
    lines = capsys.readouterr().out.splitlines()
    assert {"选项:", "退出状态："} <= {line.strip() for line in lines}  # noqa: RUF001
    assert [line for line in lines if columns(line) > 60 and "  " in line] == []


def test_what_is_wrong_with_a_command_line_is_told_in_chinese(capsys):
    choose("zh_CN")
    try:
        with pytest.raises(SystemExit):
            parser.parse(["histry"])
    finally:
        choose(AUTO)
    assert "您是想输入 history 吗？" in capsys.readouterr().err  # noqa: RUF001
