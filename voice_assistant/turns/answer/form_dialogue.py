"""A form of the app, from the question to the answer: who fills it in, and what is still wanted."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voice_assistant import events
from voice_assistant.backend.attachments import attach
from voice_assistant.backend.form_reply import FILE_KINDS, Filled, FormReply
from voice_assistant.errors import AssistantError, Rejected
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import Form
    from voice_assistant.commands import Fill
    from voice_assistant.ports import Backend

AT = "@"
"""Begins the value of a field that is a file."""

_KINDS: dict[str, Literal["choice", "file", "files"]] = {
    "select": "choice",
    "file": "file",
    "file-list": "files",
}
_LONGEST_S = 30 * 24 * 3600.0


class FormDialogue:
    """Collects the answer to a form, in one step or several.

    Args:
        form: the form.
        backend: takes the files of fields.
    """

    def __init__(self, form: Form, backend: Backend) -> None:
        self._reply = FormReply(form)
        self._backend = backend
        self._steps: asyncio.Queue[Fill] = asyncio.Queue()
        self._answered = asyncio.Event()
        self._misunderstood = False

    @property
    def spoken(self) -> str:
        """The words that are read out."""
        return self._reply.spoken

    @property
    def event(self) -> events.Form:
        """The event that shows the form."""
        form = self._reply.form
        return events.Form(
            title=form.node_title,
            text=self._reply.content,
            ask=self._reply.ask,
            buttons=tuple(
                events.FormButton(id=one.id, title=one.title or one.id) for one in form.buttons
            ),
            token=form.form_token,
            fields=tuple(
                events.FormField(
                    one.output_variable_name,
                    _KINDS.get(one.type, "text"),
                    self._reply.value(one),
                    one.options,
                )
                for one in form.inputs
            ),
            expires=form.expiration_time,
        )

    def understands(self, words: str) -> bool:
        """Return whether words choose a button or an option."""
        return self._reply.understands(words, dictated=False)

    def takes(self, words: str) -> bool:
        """Return whether spoken words that are no command are for the form.

        Words that fit nothing are asked for once more; after that they are a question.
        """
        return not self._misunderstood or self._reply.understands(words, dictated=True)

    def fill(self, step: Fill) -> None:
        """Take a step; returns at once."""
        if step.words and not self._reply.understands(step.words, dictated=True):
            self._misunderstood = True
        self._steps.put_nowait(step)
        self._answered.set()

    async def answered(self) -> None:
        """Wait for the first step."""
        await self._answered.wait()

    async def filled(self, ask: Callable[[str], Awaitable[None]]) -> Filled:
        """Return the complete form.

        Args:
            ask: called with words that ask for the rest, after each step that does not suffice.

        Raises:
            Rejected: the form has expired.
        """
        left_s = _LONGEST_S
        if expires := self._reply.form.expiration_time:
            left_s = max(0.0, min(left_s, expires - time.time()))
        try:
            async with asyncio.timeout(left_s):
                while True:
                    told = await self._take(await self._steps.get())
                    if isinstance(told, Filled):
                        return told
                    await ask(told)
        except TimeoutError as error:
            raise Rejected(_("The form of the app has expired"), _("Ask again.")) from error

    async def _take(self, step: Fill) -> Filled | str:
        if step.words:
            return self._reply.hear(step.words)
        if step.number:
            return self._reply.pick(step.number)
        buttons = []
        for item in step.items:
            name, sign, value = item.partition("=")
            if not sign:
                buttons.append(item)
            elif problem := await self._set(name, value):
                return f"{problem} {self._reply.ask}"
        return self._reply.press(buttons[-1]) if buttons else self._reply.go_on()

    async def _set(self, name: str, value: str) -> str:
        """Give a field its value; return why that is not possible, or ""."""
        field = self._reply.field(name)
        if field is None or field.type not in FILE_KINDS:
            return self._reply.set(name, value)
        try:
            files = await attach(
                self._backend, [Path(one.removeprefix(AT)) for one in value.split(f",{AT}")], None
            )
        except AssistantError as error:
            return f"{error.title}."
        return self._reply.set(name, files[0] if field.type == "file" else files)
