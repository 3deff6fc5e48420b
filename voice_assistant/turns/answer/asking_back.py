"""The app asks back: its form is read out, filled in by the user, and sent."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.commands import Fill
from voice_assistant.errors import NotConfigured, Rejected, sentences
from voice_assistant.translation import _
from voice_assistant.turns.answer.form_dialogue import FormDialogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.backend.whole_answer import WholeAnswer
    from voice_assistant.ports import Backend
    from voice_assistant.turns.answer.voice import AnswerVoice
    from voice_assistant.turns.services import TurnServices


class AskingBack:
    """Answers the forms of one answer, one after the other.

    Args:
        services: what the turn works with.
        handle: called with each event `Form`.
        voice: speaks the answer, and the questions of the form.

    Attributes:
        dialogue: about the form with which the app asks; None while it does not.
    """

    def __init__(self, services: TurnServices, handle: events.Handler, voice: AnswerVoice) -> None:
        self.dialogue: FormDialogue | None = None
        self._services = services
        self._emit = handle
        self._voice = voice

    def read_out(self, backend: Backend, stream: WholeAnswer) -> None:
        """Tell what the app asks; the speech of it goes on until it is answered."""
        assert stream.form  # noqa: S101  (the caller has seen it)
        self._services.conversation.set_current(stream.conversation_id)
        self.dialogue = FormDialogue(stream.form, backend)
        self._emit(self.dialogue.event)
        self._voice.speech.left_out()
        self._voice.speech.text(f"\n\n{self.dialogue.spoken}")

    async def said(self, speaking: asyncio.Task[None]) -> None:
        """Wait until all was said; a form is read out no further once it is being answered."""
        if self.dialogue is None:
            await speaking
            return
        answered = asyncio.create_task(self.dialogue.answered())
        try:
            await asyncio.wait([speaking, answered], return_when=asyncio.FIRST_COMPLETED)
        finally:
            answered.cancel()
        if not speaking.done():
            speaking.cancel()
            self._voice.speech.interrupted()

    async def fill_in(self, stream: WholeAnswer, form: Sequence[str]) -> None:
        """Wait until the form is answered, and fill it in.

        Args:
            stream: the answer that waits for the form.
            form: the answer to the form, if it is known already.

        Raises:
            BackendError: the form has expired, or was filled in by somebody else.
            NotConfigured: nobody can answer.
        """
        dialogue = self.dialogue
        assert dialogue  # noqa: S101  (`read_out` has begun it)
        try:
            if form:
                dialogue.fill(Fill(items=tuple(form)))
            else:
                self._check_attended(dialogue)
            while True:
                filled = await dialogue.filled(self._ask_for)
                try:
                    await stream.fill_in(filled.action, filled.values)
                except Rejected as error:
                    if error.status != HTTPStatus.BAD_REQUEST:
                        raise
                    await self._ask_for(sentences(error.title, dialogue.event.ask))
                else:
                    self._emit(events.FormFilled(said=filled.said))
                    break
        finally:
            self.dialogue = None
            await self._voice.hush()
        self._voice.renew()
        self._voice.speech.left_out()

    async def _ask_for(self, words: str) -> None:
        """Ask the user for what is still wanted of the form."""
        assert self.dialogue  # noqa: S101  (it asks)
        self._check_attended(self.dialogue)
        self._emit(self.dialogue.event)
        await self._voice.prompt(words)

    def _check_attended(self, dialogue: FormDialogue) -> None:
        """Check that somebody can answer.

        Raises:
            NotConfigured: no daemon runs that could be told the answer.
        """
        if not self._services.waits_for_forms:
            asked = dialogue.event
            raise NotConfigured(
                _("The app asks back"),
                _(
                    "{text} {ask} `voice-assistant forms fill-in {token} BUTTON` answers, "
                    "and `ask --form BUTTON` does so at once.",
                    text=asked.text,
                    ask=asked.ask,
                    token=asked.token,
                ),
            )
