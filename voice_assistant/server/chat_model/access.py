"""The access to a chat model: address, key, and the user's wishes."""

from __future__ import annotations

import msgspec


class Access(msgspec.Struct, frozen=True):
    """The address of a chat model, and what the user says about the model.

    Attributes:
        url: the base address of the API, with "/v1" at its end; "" for a server on this machine
            that the user chooses by voice.
        model: the model's name; "" for the first model that the server lists.
        key: the API key; "" for servers that need no key.
        window_tokens: how much the model reads at once; 0 if that is not known.
        sees_pictures: whether the model reads pictures.
        instructions: what the user wants the model to know, or to heed.
    """

    url: str
    model: str = ""
    key: str = ""
    window_tokens: int = 0
    sees_pictures: bool = False
    instructions: str = ""

    def __repr__(self) -> str:
        """Return the address and the model's name, without the key."""
        return f"Access({self.url!r}, {self.model!r})"
