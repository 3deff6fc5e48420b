"""A command of the command line: its words, its help text, and the function that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from voice_assistant.cli.api.run import Do


class Argument:
    """An argument of a command.

    Args:
        name: the name in the form of `argparse`: "id", "--limit".
        what: the help text.
        one_of: the user must give exactly one of the command's arguments with `one_of`.
        options: more keyword arguments for `argparse`; `dest` names the function's parameter if
            its name differs from the argument's.
    """

    def __init__(self, name: str, what: str, *, one_of: bool = False, **options: Any) -> None:
        self.name = name
        self.what = what
        self.one_of = one_of
        self.options = options

    @property
    def help(self) -> str:
        """The help text in the user's language; a sentence may follow it, such as a default."""
        return _(self.what)


class Command:
    """A command.

    Args:
        words: the words that the user types.
        what: the help text.
        do: the function that runs the command and returns the exit status. Its parameters are the
            arguments; with `LazyModule` its module is loaded when the function is called.
        arguments: the arguments that the user types after the words.
        fixed: values for parameters of `do`. An argument may change them.
        of_running: whether the command is for the assistant that runs.
    """

    def __init__(
        self,
        words: str,
        what: str,
        do: Callable[..., int],
        *arguments: Argument,
        fixed: Mapping[str, Any] | None = None,
        of_running: bool = False,
    ) -> None:
        self.words = words
        self.what = what
        self.do = do
        self.arguments = arguments
        self.fixed = fixed or {}
        self.of_running = of_running

    @property
    def help(self) -> str:
        """The help text in the user's language."""
        what = _(self.what)
        return _("running assistant: {what}", what=what) if self.of_running else what

    def run(self, given: Mapping[str, Any]) -> int:
        """Run the command with these arguments; return the exit status."""
        return self.do(**given)


class ServerCommand:
    """A command that asks the server and shows its answer, for people or (`--json`) for programs.

    Args:
        words: the words that the user types.
        what: the help text.
        do: the coroutine function that runs the command; its parameters are a `Connected` and the
            arguments.
        reaches: the methods of `api.client.Client` that the command makes available.
        arguments: the arguments that the user types after the words.
    """

    def __init__(
        self,
        words: str,
        what: str,
        do: Do,
        reaches: tuple[str, ...],
        *arguments: Argument,
    ) -> None:
        self.words = words
        self.what = what
        self.do = do
        self.reaches = reaches
        self.arguments = (*arguments, AS_JSON)
        self.fixed: Mapping[str, Any] = {}

    @property
    def help(self) -> str:
        """The help text in the user's language."""
        return _(self.what)

    def run(self, given: Mapping[str, Any]) -> int:
        """Run the command with these arguments; return the exit status."""
        from voice_assistant.cli.api import run

        return run.run(self.do, given)


AS_JSON = Argument("--json", "print JSON, for programs", dest="as_json", action="store_true")
AS_EVENTS = Argument("--json", "print one event a line", dest="as_json", action="store_true")
