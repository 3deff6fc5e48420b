"""Stands for the stream of an answer that another process of ours received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voice_assistant.errors import BrokenStream
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import Form
    from voice_assistant.api.stream.events import AnyStreamEvent


@dataclass
class LostStream:
    """A stream whose connection is lost, and of which nothing is known but its ids.

    `WholeAnswer` finds the answer by them, as after any other loss.

    Attributes:
        message_id: the answer's id.
        conversation_id: the conversation's id.
        run_id: the id of the workflow's run; "" if the app has no workflow.
    """

    message_id: str
    conversation_id: str
    run_id: str
    given_up: bool = False
    task_id: ClassVar[str] = ""
    text: ClassVar[str] = ""
    form: ClassVar[Form | None] = None
    cut_off: ClassVar[bool] = True
    complete: ClassVar[bool] = False
    damaged: ClassVar[bool] = False
    queued: ClassVar[bool] = False
    stopped: ClassVar[bool] = False

    def __aiter__(self) -> Self:
        """Return this object."""
        return self

    async def __anext__(self) -> AnyStreamEvent:
        """Raise the error of a lost connection."""
        raise BrokenStream(_("The answer broke off: the connection was lost"), _("Ask again."))
