"""Asks about a picture of the screen; the picture is shown first, and sent by consent alone."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.commands import Announce, AnyCommand, Ask, Consent, LookAtScreen
from voice_assistant.desktop import screen, viewer
from voice_assistant.errors import AssistantError, InputError
from voice_assistant.history.recorded_turn import SCREEN_PICTURE
from voice_assistant.subscribers.buttons import Button
from voice_assistant.system.plain_files import told
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from tempfile import TemporaryDirectory

    from voice_assistant.subscribers.notices import Notices

KIND = "screen"


class ScreenQuestions:
    """Takes pictures of the screen for questions.

    Args:
        post: gets what is said, and the question once the user agrees.
        notices: shows what would be sent.
        take: takes a picture of a part of the screen; see `screen.picture`.
    """

    def __init__(
        self,
        post: Callable[[AnyCommand], None],
        notices: Notices,
        take: Callable[[str], Awaitable[bytes]] = screen.picture,
    ) -> None:
        self._post = post
        self._notices = notices
        self._take = take
        self._wanted: asyncio.Queue[LookAtScreen] = asyncio.Queue()
        self._offered: Ask | None = None  # asked once the user consents
        self._folder: TemporaryDirectory[str] | None = None  # of the picture that was taken last

    def look(self, command: LookAtScreen) -> None:
        """Take a picture soon; returns at once."""
        self._wanted.put_nowait(command)

    def answer(self, consent: Consent) -> None:
        """Ask about the picture that is shown, or forget it; returns at once."""
        offered, self._offered = self._offered, None
        self._notices.close(KIND)
        if not consent.given:
            self._forget()
        elif offered:
            self._post(offered)

    async def run(self) -> None:
        """Take one picture after the other, until cancelled; the last one is then deleted."""
        try:
            while True:
                await self._ask(await self._wanted.get())
        finally:
            self._forget()

    async def _ask(self, command: LookAtScreen) -> None:
        try:
            picture = await self._take(command.part)
            file = await asyncio.to_thread(self._put, picture)
        except AssistantError as error:
            self._notices.offer(KIND, error.title, error.hint)
            self._post(Announce(text=f"{error.title}."))
            return
        with contextlib.suppress(InputError):
            await asyncio.to_thread(viewer.show, file)
        question = command.question or _("What is on my screen?")
        self._offered = Ask(text=question, source="voice", files=(str(file),))
        self._notices.offer(
            KIND,
            _("Shall this picture of your screen be sent?"),
            question,
            Button(_("Send it"), Consent(given=True)),
            Button(_("Do not send it"), Consent(given=False)),
        )
        self._post(Announce(text=_("I show you the picture. Shall I send it?"), asks_consent=True))

    def _put(self, picture: bytes) -> Path:
        self._forget()
        self._folder = temporary_folder()
        file = Path(self._folder.name) / SCREEN_PICTURE
        with told(_("{file} cannot be written", file=file)):
            file.write_bytes(picture)
        return file

    def _forget(self) -> None:
        self._offered = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None
