"""Asks the backend a question: in which conversation, with which inputs and files."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.backend import app_inputs
from voice_assistant.backend.attachments import attach
from voice_assistant.errors import NotFound
from voice_assistant.turns.answer.upload_progress import UploadProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AsyncExitStack

    from voice_assistant import events
    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import ChatFile, ChatRequest, Parameters
    from voice_assistant.ports import Backend
    from voice_assistant.turns.services import TurnServices


class Asking:
    """Asks one question.

    Args:
        services: what the turn works with.
        backend: the server.
        abilities: what the app can do; None if that is not known.
        conversation_gone: called when the question begins a new conversation though it belonged to
            an old one.
    """

    def __init__(
        self,
        services: TurnServices,
        backend: Backend,
        abilities: Parameters | None,
        conversation_gone: Callable[[], None],
    ) -> None:
        self._services = services
        self._backend = backend
        self._abilities = abilities
        self._conversation_gone = conversation_gone
        self._form = abilities.user_input_form if abilities else ()

    async def attached(
        self, files: Sequence[str], conversation_id: str, handle: events.Handler
    ) -> tuple[ChatFile, ...]:
        """Send the question's files: those of a first question may belong into the app's inputs.

        Args:
            files: the files' paths.
            conversation_id: the conversation of the question; "" for a new one.
            handle: called with the events of uploads that take a while.
        """
        given = self._services.settings.backend.inputs
        into_inputs = not conversation_id and app_inputs.wants_files(self._form, given)
        known = self._abilities
        allowed = known.file_upload if known and not into_inputs else None
        limits = known.system_parameters if known else None
        paths, progress = [Path(name) for name in files], UploadProgress(handle)
        return await attach(self._backend, paths, allowed, limits, progress.sent)

    async def open(self, resources: AsyncExitStack, request: ChatRequest) -> ChatStream:
        """Ask the question; in a new conversation if the server no longer knows the old one."""
        if request.conversation_id:
            sure = self._services.conversation.is_sure(request.conversation_id)
            with contextlib.suppress(NotFound):
                return await resources.enter_async_context(self._backend.chat(request, sure=sure))
        return await self.open_anew(resources, request)

    async def open_anew(self, resources: AsyncExitStack, request: ChatRequest) -> ChatStream:
        """Ask the question in a new conversation."""
        if request.conversation_id:
            self._services.conversation.lose()
            self._conversation_gone()
        # Inputs are checked only here: a conversation keeps the inputs that it began with.
        inputs, files = app_inputs.with_files(self._form, request.inputs, request.files)
        inputs = app_inputs.checked(self._form, inputs)
        request = msgspec.structs.replace(request, conversation_id="", inputs=inputs, files=files)
        chat = self._backend.chat(request, sure=self._abilities is not None)
        return await resources.enter_async_context(chat)
