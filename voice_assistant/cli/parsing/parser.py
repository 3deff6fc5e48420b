"""Parses the command line by the table of commands."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from voice_assistant.cli.commands import COMMANDS, GROUPS
from voice_assistant.cli.terminal.layout import wrapped
from voice_assistant.errors import EXIT_STATUS
from voice_assistant.text.choice import either
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_assistant.cli.parsing.command import Command, ServerCommand

    Parsers = argparse._SubParsersAction["Parser"]  # noqa: SLF001


class Typed(NamedTuple):
    """The parsed command line: a command of the table, and the arguments for its function."""

    command: Command | ServerCommand
    arguments: dict[str, Any]

    def run(self) -> int:
        """Run the command; return the exit status."""
        return self.command.run(self.arguments)


class _Help(argparse.HelpFormatter):
    """Lays help out by the columns that letters need, in the user's language."""

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in self._split_lines(text, width))


class _MainHelp(_Help):
    """Leaves the lines of the table of exit statuses as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return text


_WRONG = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            "the following arguments are required: (?P<names>.*)",
            N_("this is missing: {names}"),
        ),
        ("unrecognized arguments: (?P<words>.*)", N_("this is not known here: {words}")),
        ("argument (?P<name>[^:]*): expected one argument", N_("a value is missing after {name}")),
        (
            "argument (?P<name>[^:]*): not allowed with argument (?P<other>.*)",
            N_("{name} and {other} cannot be used together"),
        ),
        ("one of the arguments (?P<names>.*) is required", N_("one of these is missing: {names}")),
    )
)
"""The messages of argparse, in words that can be translated."""


class Parser(argparse.ArgumentParser):
    """A parser that takes options anywhere, and suggests the right word for a wrong one."""

    _mixing = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **options}, add_help=False)
        self._positionals.title, self._optionals.title = _("arguments"), _("options")
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS, help=_("show this help")
        )

    def add_commands(self, name: str, *, required: bool = True) -> Parsers:
        """Let a command follow, which help calls `name`; return the parsers of the commands."""
        self._positionals.title = _("commands")
        return self.add_subparsers(metavar=name, required=required)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line, and end the program."""
        for pattern, ours in _WRONG:
            if found := pattern.fullmatch(message):
                message = _(ours, **found.groupdict())
                break
        self.print_usage(sys.stderr)
        self.exit(2, _("{prog}: {message}", prog=self.prog, message=message) + "\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; options may stand between words, as in `rename ID --json NAME`."""
        if self._mixing or not self._can_mix or "--" in (args or ()):  # else "--" would be lost
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False

    @property
    def _can_mix(self) -> bool:
        """Whether argparse can mix: neither for a group of commands, nor for an "either or"."""
        groups = any(action.nargs == argparse.PARSER for action in self._actions)
        return not groups and not self._mutually_exclusive_groups

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        from difflib import get_close_matches

        known = [str(choice) for choice in action.choices]
        close = get_close_matches(str(value), known, cutoff=0.65)
        hint = (
            _("did you mean {names}?", names=either(close))
            if close
            else _("choose {either}", either=either(known))
        )
        raise argparse.ArgumentError(
            None, _("there is no {value!r} here; {hint}", value=value, hint=hint)
        )


def parse(arguments: Sequence[str]) -> Typed:
    """Return the parsed command line. Ends the program after `--help` or a wrong command line."""
    given = vars(_parser().parse_args(arguments))
    command = given.pop("_command")
    # A command such as `history` leaves its own arguments in those of `history show`.
    return Typed(command, {name: given[name] for name in _parameters(command)})


def _parameters(command: Command | ServerCommand) -> Iterator[str]:
    yield from command.fixed
    for argument in command.arguments:
        name = argument.options.get("dest") or argument.name.lstrip("-").replace("-", "_")
        if name not in command.fixed:
            yield name


def add_arguments(parser: Parser, command: Command | ServerCommand) -> None:
    """Let `parser` read the command's arguments."""
    one_of: argparse._MutuallyExclusiveGroup | None = None
    for argument in command.arguments:
        place: argparse._ActionsContainer = parser
        if argument.one_of:
            one_of = one_of or parser.add_mutually_exclusive_group(required=True)
            place = one_of
        place.add_argument(argument.name, help=argument.help, **argument.options)
    parser.set_defaults(_command=command, **command.fixed)


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from voice_assistant.cli import lifecycle

        lifecycle.show_version()
        parser.exit()


def _parser() -> Parser:
    parser = Parser(
        prog="voice-assistant",
        description=_("Hold a key, speak, and hear the answer."),
        epilog=_("exit status:")
        + "\n"
        + "".join(f"  {status:<4} {_(what)}\n" for status, what in EXIT_STATUS.items()),
        formatter_class=_MainHelp,
    )
    parser.add_argument("--version", action=_Version, help=_("show the version, and its commit"))
    groups = {"": parser.add_commands("COMMAND")}
    for command in COMMANDS:
        words, _space, last = command.words.rpartition(" ")
        about = _(GROUPS[command.words]) if command.words in GROUPS else command.help
        one = _group(groups, words).add_parser(last, help=command.help, description=about)
        add_arguments(one, command)
        if command.words in GROUPS:  # a command that also begins others, such as `history`
            groups[command.words] = one.add_commands("ACTION", required=False)
    return parser


def _group(groups: dict[str, Parsers], words: str) -> Parsers:
    """Return the parsers of the commands that begin with these words."""
    if words not in groups:
        before, _space, last = words.rpartition(" ")
        what = _(GROUPS[words])
        parser = _group(groups, before).add_parser(last, help=what, description=what)
        groups[words] = parser.add_commands("ACTION")
    return groups[words]
