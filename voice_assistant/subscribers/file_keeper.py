"""Keeps the files that answers bring, and the pictures that questions are about, with the turns."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant import events
from voice_assistant.api.answer_file import fetch, is_of
from voice_assistant.commands import OpenFiles
from voice_assistant.desktop import viewer
from voice_assistant.errors import AssistantError, BackendError, InputError
from voice_assistant.history.store import Store
from voice_assistant.system import private_files, temporary
from voice_assistant.system.plain_files import told
from voice_assistant.text.pictures import picture_addresses
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from voice_assistant.history.kept_files import KeptFiles
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.ports import Warn

log = logging.getLogger(__name__)

LATEST = 20
"""The last turns of the record, in which the turn of a picture is looked for."""


class _Brought(NamedTuple):
    """The files and pictures of an answer, by their addresses at, or seen from, a server."""

    message_id: str
    server: str
    addresses: tuple[str, ...]


class _Passing(NamedTuple):
    """Files of a question that will be gone soon, by their paths."""

    paths: tuple[str, ...]


class FileKeeper(events.Subscriber):
    """A `Subscriber` that copies files as long as they can be had; off the record it copies none.

    The addresses of an answer's files are valid for minutes, and the picture of a screen is deleted
    when its turn is over. Other files of questions are the user's own, and stay where they are.

    Pictures within the text are copied from the app's own server. Those of another server tell it
    that they were read, and maybe more: they are copied only if that is trusted.

    Args:
        file: the record's file.
        recorder: writes the turns, unless it is off.
        trusted: returns whether pictures may be fetched from any server.
    """

    def __init__(
        self, file: Path, recorder: Recorder, trusted: Callable[[], bool] = lambda: False
    ) -> None:
        self._file = file
        self._recorder = recorder
        self._trusted = trusted
        self._servers: dict[int, str] = {}  # the address of the app that each turn asks
        self._wanted: asyncio.Queue[_Brought | _Passing | OpenFiles] = asyncio.Queue()
        self._warn: list[Warn] = []

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if self._recorder.off:
            return
        match event:
            case events.Asked(files=files):
                self._servers[event.turn] = event.app.partition(" ")[0]
                if passing := tuple(filter(temporary.is_temporary, files)):
                    self._wanted.put_nowait(_Passing(passing))
            case events.Answered(text=text, files=files, message_id=message_id) if message_id:
                server = self._servers.get(event.turn, "")
                if brought := (*files, *self._pictures(text, server)):
                    self._wanted.put_nowait(_Brought(message_id, server, brought))
            case events.Idle():
                self._servers.pop(event.turn, None)
            case _:
                pass

    def warn_by(self, warn: Warn) -> None:
        """Tell by `warn` why files cannot be opened."""
        self._warn.append(warn)

    def open(self, command: OpenFiles) -> None:
        """Open the files of the last answer, once they are kept; returns at once."""
        self._wanted.put_nowait(command)

    async def run(self) -> None:
        """Keep the files of one turn after the other, until cancelled."""
        while True:
            wanted = await self._wanted.get()
            try:
                match wanted:
                    case _Brought():
                        await self._fetch(wanted)
                    case _Passing():
                        await self._copy(wanted)
                    case OpenFiles():
                        await self._open()
            except AssistantError as error:
                log.info("a file is not kept: %s", error.title)
            finally:
                self._wanted.task_done()

    async def done(self) -> None:
        """Wait until all files so far are kept, or cannot be."""
        await self._wanted.join()

    def _pictures(self, text: str, server: str) -> Iterable[str]:
        for address in picture_addresses(text):
            if self._trusted() or is_of(address, server):
                yield address

    async def _fetch(self, brought: _Brought) -> None:
        await self._recorder.written()
        async with self._store() as store:
            turn = await asyncio.to_thread(store.last_answer, brought.message_id)
            for address in dict.fromkeys(brought.addresses):
                try:
                    copy = await fetch(address, brought.server, store.kept_files.new)
                except BackendError as error:
                    log.info("a file of an answer is not kept: %s", error.title)
                else:
                    await asyncio.to_thread(store.kept_files.keep, turn.number, address, copy.name)

    async def _copy(self, passing: _Passing) -> None:
        """Copy at once: the files may be gone before the turn is in the record."""
        async with self._store() as store:
            kept = store.kept_files
            copies = {file: await asyncio.to_thread(_copied, file, kept) for file in passing.paths}
            await self._recorder.written()
            turns = await asyncio.to_thread(store.turns, limit=LATEST)
            asked = [turn for turn in turns if set(passing.paths) <= set(turn.files)]
            for file, name in copies.items():
                number = asked[0].number if asked else 0
                await asyncio.to_thread(store.kept_files.keep, number, file, name)

    async def _open(self) -> None:
        try:
            async with self._store() as store:
                turn = await asyncio.to_thread(store.last_answer)
                copies = store.kept_files.copies(turn)
                brought = [copy for file, copy in copies.items() if file not in turn.files]
                if not brought:
                    raise InputError(
                        _("No files of the last answer are kept"),
                        _("The log says why; the answer names their addresses."),
                    )
                for copy in brought:
                    viewer.show(copy)
        except AssistantError as error:
            for warn in self._warn:
                warn(error.title, error.hint)

    @contextlib.asynccontextmanager
    async def _store(self) -> AsyncIterator[Store]:
        store = await asyncio.to_thread(Store, self._file)
        with contextlib.closing(store):
            yield store


def _copied(file: str, kept: KeptFiles) -> str:
    """Copy a file; return the copy's name."""
    copy = kept.new(Path(file).name)
    with told(_("{file} cannot be written", file=copy)):
        private_files.replace(copy, Path(file).read_bytes(), durable=False)
    return copy.name
