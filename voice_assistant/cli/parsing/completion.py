"""Completion for shells, and a manual page: made from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.errors import EXIT_STATUS
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.cli.parsing.command import Command, ServerCommand

BASH = r"""# voice-assistant: completion for bash.
#   voice-assistant completion bash > ~/.local/share/bash-completion/completions/voice-assistant
_voice_assistant() {
    local words="" word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] || words="${words:+$words }$word"
    done
    local next=""
    case $words in
%s
    esac
    COMPREPLY=($(compgen -W "$next" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _voice_assistant voice-assistant
"""

ZSH = """#compdef voice-assistant
# voice-assistant completion zsh > a file _voice-assistant in a folder of $fpath
autoload -U +X bashcompinit && bashcompinit
%s"""

FISH = """# voice-assistant completion fish > ~/.config/fish/completions/voice-assistant.fish
function __voice_assistant_at
    set -l words (commandline -opc | string match -v -- '-*')
    test "$words[2..-1]" = "$argv"
end
%s
"""


class Next(NamedTuple):
    """A word that may come next, and what it does."""

    word: str
    what: str


def show(kind: str, commands: Sequence[Command | ServerCommand], groups: dict[str, str]) -> int:
    """Print the completion for a shell, or the manual page.

    Args:
        kind: the shell, or "man".
        commands: all commands.
        groups: the help texts of words that only begin a command.
    """
    make = {"bash": bash, "zsh": zsh, "fish": fish}
    print(manual(commands) if kind == "man" else make[kind](next_words(commands, groups)), end="")
    return 0


def next_words(
    commands: Sequence[Command | ServerCommand], groups: dict[str, str]
) -> dict[str, list[Next]]:
    """Return what may come after the words typed so far: words of commands, or options."""
    after: dict[str, list[Next]] = {}
    for command in commands:
        words = command.words.split()
        for at, word in enumerate(words):
            so_far = " ".join(words[: at + 1])
            what = command.help if so_far == command.words else _(groups[so_far])
            follows = after.setdefault(" ".join(words[:at]), [])
            if word not in {each.word for each in follows}:
                follows.append(Next(word, what))
        options = (Next(a.name, a.help) for a in command.arguments if a.name.startswith("--"))
        choices = (
            Next(choice, "") for a in command.arguments for choice in a.options.get("choices", ())
        )
        after.setdefault(command.words, []).extend((*choices, *options))
    return after


def bash(after: dict[str, list[Next]]) -> str:
    """Return the completion for bash."""
    cases = (
        f'        "{words}") next="{" ".join(each.word for each in follows)}" ;;'
        for words, follows in after.items()
    )
    return BASH % "\n".join(cases)


def zsh(after: dict[str, list[Next]]) -> str:
    """Return the completion for zsh, which uses that for bash."""
    return ZSH % bash(after)


def fish(after: dict[str, list[Next]]) -> str:
    """Return the completion for fish."""
    return FISH % "\n".join(
        f"complete -c voice-assistant -n '__voice_assistant_at {words}' "
        + (f"-l {each.word[2:]}" if each.word.startswith("--") else f"-f -a {each.word}")
        + (f" -d {_quoted(each.what)}" if each.what else "")
        for words, follows in after.items()
        for each in follows
    )


def manual(commands: Sequence[Command | ServerCommand]) -> str:
    """Return a manual page in the language of man(7)."""
    lines = [
        '.TH VOICE-ASSISTANT 1 "" "" "User Commands"',
        ".SH NAME",
        r"voice\-assistant \- hold a key, speak, and hear the answer",
        ".SH SYNOPSIS",
        r".B voice\-assistant",
        r".I COMMAND",
        ".SH COMMANDS",
    ]
    for command in commands:
        lines += [".TP", rf"\fB{_roff(command.words)}\fR", f"{_roff(command.help)}."]
        lines += [
            f".br\n\\fI{_roff(argument.name)}\\fR: {_roff(argument.help)}."
            for argument in command.arguments
        ]
    lines.append(".SH EXIT STATUS")
    for status, what in EXIT_STATUS.items():
        lines += [".TP", str(status), f"{_roff(_(what))}."]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
