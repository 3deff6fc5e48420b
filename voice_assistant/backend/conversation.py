"""Which conversation the next question belongs to.

Kept across restarts, for each server and user apart, because a conversation's id means nothing to
another server or another user.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import BackendError, StorageError, TimedOut
from voice_assistant.ports import CONVERSATION
from voice_assistant.settings.address import identity
from voice_assistant.system import private_files

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.ports import Backend, Problems

log = logging.getLogger(__name__)

SURE_S = 300.0
"""How long a server is trusted to still have a conversation that it had."""


class Conversation:
    """The conversation that goes on until `forget`.

    A disk that takes nothing costs no answer: the conversation goes on from memory, and is written
    as soon as that is possible.

    Args:
        file: where ids are kept, as a JSON object; created for the owner only.
        owner: names the server; an address in any spelling.
        problems: gets, once each, that ids cannot be kept, and that a file could not be read;
            None: the log alone has it.
    """

    def __init__(self, file: Path, owner: str, problems: Problems | None = None) -> None:
        self._file = file
        self._owner = identity(owner)
        self._problems = problems
        self._unwritten: str | None = None  # the id that the disk did not take
        self._refused = False  # by the disk; told
        self._problem: StorageError | None = None  # of that file, until `check` has told it
        self._told = ""  # of the file that could not be read
        self._had = ""  # what the server had, when last asked
        self._had_s = 0.0

    @property
    def id(self) -> str:
        """The conversation to go on with, "" where the next question begins one."""
        if self._unwritten is not None:
            return self._unwritten
        try:
            return self._of_owner(self._read())
        except OSError as error:
            log.warning("%s cannot be read, a new conversation begins: %s", self._file, error)
            return ""

    async def confirmed(self, backend: Backend) -> str:
        """As `id`, less one that the server no longer has.

        1.14.0 answers a question in a conversation that is gone by one ping and then nothing for
        300 s, and counts it among those that run. So it is asked for first, while the user speaks
        or while something else is awaited.

        Raises:
            TimedOut: the server is frozen: the question would wait as long.
        """
        wanted = self.id
        if not wanted or (wanted == self._had and time.monotonic() - self._had_s < SURE_S):
            return wanted
        try:
            exists = await backend.has_conversation(wanted)
        except TimedOut:
            raise
        except BackendError as error:
            log.info("the server does not say whether the conversation exists: %s", error.title)
            return wanted
        if exists:
            self._sure(wanted)
            return wanted
        log.info("the server no longer has the conversation: a new one begins")
        self.forget()
        return ""

    def doubt(self) -> None:
        """An answer did not begin: ask for the conversation before the next question."""
        self._had = ""

    def set_current(self, conversation_id: str) -> None:
        """The next question belongs to this one."""
        self._sure(conversation_id)
        self._keep(conversation_id)

    def forget(self) -> None:
        """The next question begins a new conversation."""
        self._keep("")

    def check(self) -> None:
        """Write what the disk did not take before.

        Raises:
            StorageError: the disk still does not take it, or a file had to be set aside (once).
        """
        problem, self._problem = self._problem, None
        if self._unwritten is not None:
            self._write(self._unwritten)
        if problem:
            raise problem

    def _of_owner(self, ids: dict[str, str]) -> str:
        """The owner's id, also where an older version kept it under the address as written."""
        older = (ids[name] for name in ids if identity(name) == self._owner)
        return ids.get(self._owner) or next(older, "")

    def _of_others(self, ids: dict[str, str]) -> dict[str, str]:
        return {name: kept for name, kept in ids.items() if identity(name) != self._owner}

    def _sure(self, conversation_id: str) -> None:
        self._had, self._had_s = conversation_id, time.monotonic()

    def _keep(self, conversation_id: str) -> None:
        try:
            self._write(conversation_id)
        except StorageError as error:
            if not self._refused:
                self._refused = True
                self._report(error)

    def _report(self, problem: StorageError) -> None:
        if self._problems is None:
            log.warning("%s. %s", problem.title, problem.hint)
        else:
            self._problems.report_problem(CONVERSATION, problem)

    def _write(self, conversation_id: str) -> None:
        """Keep it; in memory in any case.

        Raises:
            StorageError: in memory alone.
        """
        self._unwritten = conversation_id
        with private_files.told(f"{self._file} cannot be written"):
            ids = self._read()
            if self._of_owner(ids) != conversation_id:
                kept = self._of_others(ids)
                if conversation_id:
                    kept[self._owner] = conversation_id
                private_files.replace(self._file, msgspec.json.encode(kept), durable=True)
                self._refused = False
        self._unwritten = None

    def _read(self) -> dict[str, str]:
        """The ids of all owners; none where there is no file, or one that had to be set aside.

        Raises:
            OSError: they cannot be read now.
        """
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except OSError as error:
            if not private_files.out_of_reach(error):
                raise
            reason: Exception = error
        except (ValueError, RecursionError, msgspec.DecodeError) as error:
            reason = error
        problem = private_files.set_aside(self._file, reason)
        if problem.title != self._told:  # where it cannot be set aside, each look finds it again
            self._told = problem.title
            self._problem = problem
            self._report(problem)
        return {}
