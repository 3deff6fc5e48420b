"""What a command is: what is typed, what `--help` says of it, and the function that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from voice_assistant.cli.api.run import Shown


class Argument:
    """An argument of a command.

    Args:
        name: as `argparse` takes it: "id", "--limit".
        what: for `--help`.
        one_of: exactly one of the command's arguments of this kind must be given.
        options: what else `argparse` is told; `dest` is the function's parameter where that is
            not called like the argument.
    """

    def __init__(self, name: str, what: str, *, one_of: bool = False, **options: Any) -> None:
        self.name = name
        self.what = what
        self.one_of = one_of
        self.options = options


class Command:
    """A command.

    Args:
        words: what is typed.
        what: for `--help`.
        do: the function that does it, and returns the exit status. Its parameters are the
            arguments; with `LazyModule` its module is loaded when it is called.
        arguments: what is typed besides.
        fixed: parameters of `do` that this command gives it. An argument may change them.
    """

    def __init__(
        self,
        words: str,
        what: str,
        do: Callable[..., int],
        *arguments: Argument,
        fixed: Mapping[str, Any] | None = None,
    ) -> None:
        self.words = words
        self.what = what
        self.do = do
        self.arguments = arguments
        self.fixed = fixed or {}

    def run(self, given: Mapping[str, Any]) -> int:
        """Do it with these arguments; the exit status."""
        return self.do(**given)


class ServerCommand:
    """A command that asks the server and shows its answer, for people or (`--json`) for programs.

    Args:
        words: what is typed.
        what: for `--help`.
        do: the coroutine that does it; its parameters are a `Connected` and the arguments.
        reaches: the methods of `api.client.Client` that the command is there for.
        arguments: what is typed besides.
    """

    def __init__(
        self,
        words: str,
        what: str,
        do: Callable[..., Awaitable[Shown]],
        reaches: tuple[str, ...],
        *arguments: Argument,
    ) -> None:
        self.words = words
        self.what = what
        self.do = do
        self.reaches = reaches
        self.arguments = (*arguments, AS_JSON)
        self.fixed: Mapping[str, Any] = {}

    def run(self, given: Mapping[str, Any]) -> int:
        """Do it with these arguments; the exit status."""
        from voice_assistant.cli.api import run

        return run.run(self, given)


AS_JSON = Argument("--json", "for programs", dest="as_json", action="store_true")
AS_EVENTS = Argument("--json", "print one event a line", dest="as_json", action="store_true")
