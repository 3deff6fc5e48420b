"""The chat model in use, with its connection."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from voice_assistant.server.chat_model.access import Access
    from voice_assistant.server.chat_model.choice import ModelChoice
    from voice_assistant.server.chat_model.model import ChatModel
    from voice_assistant.server.skills import Skills


class ChosenModel:
    """Opens the model of a choice; an async context manager, which closes the connection.

    Args:
        choice: which model answers.

    Attributes:
        choice: the same.
    """

    def __init__(self, choice: ModelChoice) -> None:
        self.choice = choice
        self._resources = AsyncExitStack()
        self._model: ChatModel | None = None
        self._access: Access | None = None  # of `_model`

    async def __aenter__(self) -> Self:
        """Return this object."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._resources.aclose()

    async def model(self, skills: Skills) -> ChatModel | None:
        """Return the model in use; None if no model is in use.

        Args:
            skills: the tools of the model.

        Raises:
            ConfigError: the environment's proxy or certificates cannot be used.
        """
        access = self.choice.access
        if access != self._access:
            await self._resources.aclose()
            self._model = None
            if access:
                from voice_assistant.server.chat_model.model import (  # noqa: PLC0415  (httpx)
                    ChatModel,
                )

                self._model = await self._resources.enter_async_context(ChatModel(access, skills))
            self._access = access
        return self._model
