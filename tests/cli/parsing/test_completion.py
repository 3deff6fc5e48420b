from __future__ import annotations

import shutil
import subprocess

import pytest

from voice_assistant.cli.commands import COMMANDS, GROUPS
from voice_assistant.cli.parsing import completion

AFTER = completion.next_words(COMMANDS, GROUPS)


def test_every_command_is_found_word_by_word():
    for command in COMMANDS:
        *before, last = command.words.split()
        assert last in {each.word for each in AFTER[" ".join(before)]}
    assert "--no-speech" in {each.word for each in AFTER["ask"]}
    assert {"bash", "fish"} <= {each.word for each in AFTER["completion"]}


def completed(*words: str) -> set[str]:
    """What bash offers for the last of `words`."""
    typed = " ".join(("voice-assistant", *words))
    script = (
        f"{completion.bash(AFTER)}\nCOMP_WORDS=({typed}); "
        f"COMP_CWORD={len(words)}; _voice_assistant; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    bash = ["bash", "--norc", "-c", script]
    printed = subprocess.run(bash, capture_output=True, text=True, check=True)
    assert printed.stderr == ""
    return set(printed.stdout.split())


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_commands_actions_and_options():
    assert completed("sto") == {"stop"}
    assert {"list", "play", "retry", "delete"} <= completed("recordings", "''")
    assert completed("ask", "--no") == {"--no-speech"}
    assert completed("ask", "--json", "--no") == {"--no-speech"}


def test_fish_and_zsh_get_every_command():
    fish, zsh = completion.fish(AFTER), completion.zsh(AFTER)
    for command in COMMANDS:
        assert command.words.split()[-1] in fish
        assert f'"{command.words}")' in zsh


def test_the_manual_has_every_command_and_exit_status():
    page = completion.manual(COMMANDS)
    for command in COMMANDS:
        assert f"fB{command.words}".replace("-", "\\-") in page
    assert "interrupted" in page
    assert not [line for line in page.splitlines() if line.startswith("'")]


@pytest.mark.skipif(not shutil.which("groff"), reason="needs groff")
def test_the_manual_is_right_for_man():
    page = completion.manual(COMMANDS)
    check = ["groff", "-man", "-Tutf8", "-ww", "-z"]
    told = subprocess.run(check, input=page, capture_output=True, text=True, check=True)
    assert told.stderr == ""


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish", "man"])
def test_each_kind_is_printed(kind, capsys):
    assert completion.show(kind, COMMANDS, GROUPS) == 0
    assert "voice" in capsys.readouterr().out
