"""The client of the Dify service API: models, event stream, HTTP.

Another program needs only `from voice_assistant.api import Client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_assistant.api.client import Client

__all__ = ["Client"]


def __getattr__(name: str) -> object:
    """Import the client on first use, because models and errors need no HTTP library."""
    if name == "Client":
        from voice_assistant.api.client import Client  # noqa: PLC0415

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
