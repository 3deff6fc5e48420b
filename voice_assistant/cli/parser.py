"""Parses the command line by the table of commands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.cli.commands import COMMANDS, GROUPS
from voice_assistant.errors import EXIT_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_assistant.cli.command import Command, ServerCommand

    Parsers = argparse._SubParsersAction["Parser"]  # noqa: SLF001


class Typed(NamedTuple):
    """The parsed command line: a command of the table, and the arguments for its function."""

    command: Command | ServerCommand
    arguments: dict[str, Any]

    def run(self) -> int:
        """Run the command; return the exit status."""
        return self.command.run(self.arguments)


class Parser(argparse.ArgumentParser):
    """A parser that takes options anywhere, and suggests the right word for a wrong one."""

    _mixing = False

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
        hint = f"did you mean {' or '.join(close)}?" if close else f"choose {_either(known)}"
        raise argparse.ArgumentError(None, f"there is no {value!r} here; {hint}")


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
        place.add_argument(argument.name, help=argument.what, **argument.options)
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
        description="Hold a key, speak, and hear the answer.",
        epilog="exit status:\n"
        + "".join(f"  {status:<4} {what}\n" for status, what in EXIT_STATUS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, help="show the version, and its commit")
    groups = {"": parser.add_subparsers(metavar="COMMAND", required=True)}
    for command in COMMANDS:
        words, _, last = command.words.rpartition(" ")
        about = GROUPS.get(command.words, command.what)
        one = _group(groups, words).add_parser(last, help=command.what, description=about)
        add_arguments(one, command)
        if command.words in GROUPS:  # a command that also begins others, such as `history`
            groups[command.words] = one.add_subparsers(metavar="ACTION")
    return parser


def _group(groups: dict[str, Parsers], words: str) -> Parsers:
    """Return the parsers of the commands that begin with these words."""
    if words not in groups:
        before, _, last = words.rpartition(" ")
        what = GROUPS[words]
        parser = _group(groups, before).add_parser(last, help=what, description=what)
        groups[words] = parser.add_subparsers(metavar="ACTION", required=True)
    return groups[words]


def _either(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
