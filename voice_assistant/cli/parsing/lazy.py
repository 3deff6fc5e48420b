"""Functions that are imported when they are called.

A type checker, an editor and the reader see plain functions:

    if TYPE_CHECKING:
        from voice_assistant.cli import recordings
    else:
        recordings = LazyModule("voice_assistant.cli.recordings")

`recordings.play` is then the real function for the checker, and a `LazyFunction` when the program
runs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class LazyModule:
    """Stands for a module; its attributes are functions that load it when they are called.

    Args:
        name: the module's full name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, function: str) -> LazyFunction:
        """Return the function of this name. A name that does not exist fails when it is called."""
        return LazyFunction(self._name, function)


class LazyFunction:
    """A function of a module that is loaded when the function is called.

    Args:
        module: the module's full name.
        name: the function's name.
    """

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Load the module, and call the function."""
        return self.load()(*args, **kwargs)

    def load(self) -> Callable[..., Any]:
        """Return the function itself.

        Raises:
            ImportError: there is no such module.
            AttributeError: the module has no such function.
        """
        function: Callable[..., Any] = getattr(importlib.import_module(self._module), self._name)
        return function

    def __repr__(self) -> str:
        """Show the function's name."""
        return f"<{self._module}.{self._name}, not loaded>"
