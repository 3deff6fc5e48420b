"""Knows which conversation the next question belongs to.

The id is kept across restarts, separately for each app and user, because a conversation's id means
nothing to another app or another user. An app is known by its key: one app may have several
addresses, and several apps have the same. Before the key is known, the address has to do.
After a time without questions, a new conversation begins.
"""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import BackendError, StorageError, TimedOut
from voice_assistant.ports import CONVERSATION
from voice_assistant.settings.address import identity
from voice_assistant.system import plain_files, private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_assistant.ports import Backend, Problems

log = logging.getLogger(__name__)

SURE_S = 300.0
"""Skip the existence check for this many seconds after the last check."""


class _Kept(msgspec.Struct, frozen=True):
    """A conversation in the file; older versions kept its id alone.

    Attributes:
        id: the conversation's id.
        used_s: when it was used last, in seconds since 1970.
    """

    id: str
    used_s: float = math.inf


_Ids = dict[str, str | _Kept]


class Conversation:
    """The conversation that goes on until `forget`.

    If the disk refuses the id, no answer is lost: the conversation goes on from memory, and the id
    is written as soon as that is possible.

    Args:
        file: keeps the ids as a JSON object; created for the owner only.
        owner: names the server; an address in any spelling.
        problems: gets the errors of a disk that does not keep ids, and of a file that could not be
            read, each once; None: only the log gets them.
        idle_s: seconds without a question after which a conversation is over; 0: never.
        now_s: returns the seconds since 1970.
    """

    def __init__(
        self,
        file: Path,
        owner: str,
        problems: Problems | None = None,
        *,
        idle_s: float = 0.0,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._file = file
        self._owner = identity(owner)
        self._app = ""  # the app and the user, as soon as they are known
        self._problems = problems
        self._idle_s = idle_s
        self._now_s = now_s
        self._unwritten: _Kept | None = None  # the conversation that the disk refused
        self._refused = False  # the disk's refusal was reported
        self._problem: StorageError | None = None  # the file's error, until `check` has raised it
        self._told = ""  # of the file that could not be read
        self._lost = False  # and nobody was told
        self._had = ""  # what the server had, when last asked
        self._had_s = 0.0

    @property
    def id(self) -> str:
        """Return the id of the current conversation, "" if the next question begins one."""
        if self._unwritten is not None:
            return self._unless_idle(self._unwritten)
        try:
            return self._unless_idle(self._of_owner(self._read()))
        except OSError as error:
            log.warning("%s cannot be read, a new conversation begins: %s", self._file, error)
            return ""

    async def confirmed(self, backend: Backend) -> str:
        """Return the `id`; "" if the server no longer has that conversation.

        1.14.0 answers a question in a deleted conversation by one ping and then nothing for 300 s,
        and counts the question among those that run. So this asks for the conversation first, while
        the user speaks or while another request runs.

        Raises:
            TimedOut: the server is frozen: the question would wait as long.
        """
        self.belongs_to(backend.app)
        wanted = self.id
        if self.is_sure(wanted):
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
        self.lose()
        return ""

    def belongs_to(self, app: str) -> None:
        """Note the app and the user whose conversation this is; "" if they are not known.

        A server without an address is the embedded backend, whose key is new at each start.
        """
        self._app = app if "://" in self._owner else ""

    def is_sure(self, conversation_id: str) -> bool:
        """Return whether the conversation is new (""), or was just seen on the server."""
        is_known = conversation_id == self._had and time.monotonic() - self._had_s < SURE_S
        return not conversation_id or is_known

    def doubt(self) -> None:
        """Check the conversation before the next question: an answer did not begin."""
        self._had = ""

    def set_current(self, conversation_id: str) -> None:
        """Make this conversation the current one: the next question belongs to it."""
        self._sure(conversation_id)
        self._keep(conversation_id)

    def forget(self) -> None:
        """Forget the current conversation: the next question begins a new one."""
        self._keep("")

    def lose(self) -> None:
        """Forget the current conversation: the server no longer has it."""
        log.info("the server no longer has the conversation: a new one begins")
        self._lost = True
        self.forget()

    def was_lost(self) -> bool:
        """Return whether the server no longer had the conversation; True only once."""
        lost, self._lost = self._lost, False
        return lost

    def check(self) -> None:
        """Write the id that the disk refused before.

        Raises:
            StorageError: the disk refuses it again, or a broken file was set aside (raised once).
        """
        problem, self._problem = self._problem, None
        if self._unwritten is not None:
            self._write(self._unwritten.id)
        if problem:
            raise problem

    def _unless_idle(self, kept: _Kept) -> str:
        """Return the id; "" if nothing was asked for too long. A clock set back is no time."""
        idle = self._idle_s and self._now_s() - kept.used_s > self._idle_s
        return "" if idle else kept.id

    def _of_owner(self, ids: _Ids) -> _Kept:
        """Return the entry of the app; of its address, in any spelling, if that is all there is."""
        older = (ids[name] for name in ids if identity(name) == self._owner)
        found = ids.get(self._app) or ids.get(self._owner) or next(older, "")
        return _Kept(found) if isinstance(found, str) else found

    def _of_others(self, ids: _Ids) -> _Ids:
        own = (self._app, self._owner)
        return {name: kept for name, kept in ids.items() if identity(name) not in own}

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
        """Keep the id in memory and on the disk.

        Raises:
            StorageError: the disk refused the id; it is in memory only.
        """
        used = self._unwritten = _Kept(conversation_id, round(self._now_s()))
        with plain_files.told(_("{file} cannot be written", file=self._file)):
            ids = self._read()
            before = self._of_owner(ids)
            unnamed = bool(conversation_id and self._app and self._app not in ids)
            if unnamed or (before != used and (conversation_id or before.id)):
                kept = self._of_others(ids)
                if conversation_id:
                    kept |= dict.fromkeys(filter(None, (self._app, self._owner)), used)
                # A new id must survive a power cut; the time alone is not worth waiting for.
                durable = unnamed or before.id != conversation_id
                private_files.replace(self._file, msgspec.json.encode(kept), durable=durable)
                self._refused = False
        self._unwritten = None

    def _read(self) -> _Ids:
        """Return the ids of all owners; no ids if there is no file, or a broken one was set aside.

        Raises:
            OSError: the file cannot be read now.
        """
        try:
            return plain_files.read_json(self._file, _Ids)
        except FileNotFoundError:
            return {}
        except OSError as error:
            if not plain_files.out_of_reach(error):
                raise
            reason: Exception = error
        except ValueError as error:
            reason = error
        problem = private_files.set_aside(self._file, reason)
        if problem.title != self._told:  # a file that cannot be set aside is found by each read
            self._told = problem.title
            self._problem = problem
            self._report(problem)
        return {}
