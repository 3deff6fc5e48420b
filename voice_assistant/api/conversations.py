"""The client's methods for conversations, their messages and variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api import endpoints
from voice_assistant.api.http.connections import ANSWER_S
from voice_assistant.api.http.transport import PROVIDER_S, Transport
from voice_assistant.api.models import (
    Conversation,
    ConversationPage,
    HistoryMessage,
    MessagePage,
    RenameBody,
    Result,
    SortBy,
    UserBody,
    Variable,
    VariableBody,
    VariablePage,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.api.models import Json


class Conversations:
    """A user's conversations; `Client.conversations`.

    Every method raises `errors.BackendError`.
    """

    def __init__(self, transport: Transport, user: str) -> None:
        self._transport = transport
        self._user = user

    async def list(
        self,
        *,
        last_id: str = "",
        limit: int = 20,
        sort_by: SortBy | None = None,
        pinned: bool | None = None,
    ) -> ConversationPage:
        """Return a page of the user's conversations.

        Args:
            last_id: the last conversation of the previous page.
            limit: 1 to 100.
            sort_by: the order; servers use "-updated_at" by default.
            pinned: True returns only pinned conversations, False only the others.
        """
        return await self._transport.call(
            endpoints.CONVERSATIONS,
            ConversationPage,
            params={
                "user": self._user,
                "last_id": last_id,
                "limit": limit,
                "sort_by": sort_by,
                "pinned": pinned,
            },
        )

    async def iter(self, *, sort_by: SortBy | None = None) -> AsyncIterator[Conversation]:
        """Yield all conversations of the user."""
        last_id = ""
        while True:
            page = await self.list(last_id=last_id, limit=100, sort_by=sort_by)
            for conversation in page.data:
                yield conversation
            if not page.has_more or not page.data:
                return
            last_id = page.data[-1].id

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all its messages."""
        await self._transport.call(
            endpoints.DELETE_CONVERSATION,
            Result,
            ids={"conversation_id": conversation_id},
            body=UserBody(self._user),
        )

    async def rename(self, conversation_id: str, name: str = "") -> Conversation:
        """Give a conversation a name; without `name`, the server makes a name."""
        body = RenameBody(name=name, auto_generate=not name, user=self._user)
        return await self._transport.call(
            endpoints.RENAME_CONVERSATION,
            Conversation,
            ids={"conversation_id": conversation_id},
            body=body,
            answer_s=PROVIDER_S,
        )

    async def variables(
        self,
        conversation_id: str,
        *,
        last_id: str = "",
        limit: int = 20,
        variable_name: str = "",
    ) -> VariablePage:
        """Return a page of a conversation's variables. Newer servers only.

        Args:
            conversation_id: the conversation.
            last_id: the last variable of the previous page.
            limit: 1 to 100.
            variable_name: returns only this variable; 1.14.0 fails with this argument.
        """
        return await self._transport.call(
            endpoints.VARIABLES,
            VariablePage,
            ids={"conversation_id": conversation_id},
            params={
                "user": self._user,
                "last_id": last_id,
                "limit": limit,
                "variable_name": variable_name,
            },
        )

    async def iter_variables(self, conversation_id: str) -> AsyncIterator[Variable]:
        """Yield all variables of a conversation. Newer servers only."""
        last_id = ""
        while True:
            page = await self.variables(conversation_id, last_id=last_id, limit=100)
            for variable in page.data:
                yield variable
            if not page.has_more or not page.data:
                return
            last_id = page.data[-1].id

    async def set_variable(self, conversation_id: str, variable_id: str, value: Json) -> Variable:
        """Give a variable of a conversation a new value. Newer servers only.

        Raises:
            Rejected: the value is of another kind than the variable.
        """
        return await self._transport.call(
            endpoints.SET_VARIABLE,
            Variable,
            ids={"conversation_id": conversation_id, "variable_id": variable_id},
            body=VariableBody(user=self._user, value=value),
        )

    async def messages(
        self,
        conversation_id: str,
        *,
        first_id: str = "",
        limit: int = 20,
        answer_s: float = ANSWER_S,
    ) -> MessagePage:
        """Return the last messages of a conversation, or those before `first_id`, oldest first.

        Args:
            conversation_id: the conversation.
            first_id: the oldest message of the page that was read last.
            limit: 1 to 100.
            answer_s: seconds that the server may take.
        """
        return await self._transport.call(
            endpoints.MESSAGES,
            MessagePage,
            params={
                "conversation_id": conversation_id,
                "user": self._user,
                "first_id": first_id,
                "limit": limit,
            },
            answer_s=answer_s,
        )

    async def iter_messages(self, conversation_id: str) -> AsyncIterator[HistoryMessage]:
        """Yield all messages of a conversation, newest first."""
        first_id = ""
        while True:
            page = await self.messages(conversation_id, first_id=first_id, limit=100)
            for message in reversed(page.data):
                yield message
            if not page.has_more or not page.data:
                return
            first_id = page.data[0].id
