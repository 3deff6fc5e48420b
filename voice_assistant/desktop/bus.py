"""A message bus: calls, and the requested signals in the order in which they came."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Annotated, Any

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusSignature

from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from dbus_fast.service import ServiceInterface

    from voice_assistant.errors import DeviceError

log = logging.getLogger(__name__)

DAEMON = "org.freedesktop.DBus"
REPLY_S = 25.0  # what libdbus waits for a reply
# What an exported method or signal without a value returns; dbus-fast trips over a bare None.
Nothing = Annotated[None, DBusSignature("")]


class _Connection(MessageBus):
    """A connection whose loss is told once, by `wait_for_disconnect`.

    dbus-fast tells it with each message that cannot be sent, too: nobody waits for signals and
    replies, so that asyncio would write a traceback for each; and a signal would raise an error in
    whatever has changed the tray.
    """

    def send(self, msg: Message) -> asyncio.Future[None]:  # type: ignore[override]
        """Send a message soon; not at once, because a failure changes what the caller loops over.

        Returns:
            The future that ends when it is sent; it has the error of a bus that was lost meanwhile.
        """
        if not msg.serial:
            msg.serial = self.next_serial()
        loop = asyncio.get_running_loop()
        sent: asyncio.Future[None] = loop.create_future()
        sent.add_done_callback(_look)
        loop.call_soon(self._write, msg, sent)
        return sent

    def _write(self, message: Message, sent: asyncio.Future[None]) -> None:
        try:
            if self._writer:
                self._writer.schedule_write(message, sent)
        except OSError as error:  # the socket was closed while it wrote
            log.debug("a message was not sent: %s", error)


def _look(sent: asyncio.Future[None]) -> None:
    """Take notice of an error, so that asyncio does not."""
    if not sent.cancelled() and (error := sent.exception()):
        log.debug("a message was not sent: %s", error)


class Bus:
    """One connection to a bus, for one part of the program.

    Args:
        connection: a connected message bus.
        lost: raised, with its text, once the connection is lost.
    """

    def __init__(self, connection: MessageBus, lost: DeviceError) -> None:
        self._connection = connection
        self._lost = lost
        self._signals: asyncio.Queue[Message | None] = asyncio.Queue()
        self._closed = False
        connection.add_message_handler(self._take)

    @property
    def unique_name(self) -> str:
        """Return this connection's own name, such as ":1.42"."""
        return str(self._connection.unique_name)

    def export(self, path: str, interface: ServiceInterface) -> None:
        """Offer `interface` at `path` until the connection ends."""
        self._connection.export(path, interface)

    async def own(self, name: str) -> None:
        """Take the well-known `name`.

        Raises:
            DeviceError: the bus was lost.
        """
        try:
            await self._connection.request_name(name)
        except (OSError, EOFError) as error:
            raise self._lost from error

    async def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        *body: Any,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Call a method, and return its answer, which may take `REPLY_S` if `timeout_s` is None.

        Raises:
            DBusError: the other side refused, or does not exist.
            TimeoutError: the other side did not answer.
            DeviceError: the bus was lost.
        """
        if not self._connection.connected:
            raise self._lost
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
        )
        try:
            async with asyncio.timeout(REPLY_S if timeout_s is None else timeout_s):
                reply: Message | None = await self._connection.call(message)
        except TimeoutError:
            raise
        except (OSError, EOFError) as error:
            raise self._lost from error
        if reply is None:
            raise self._lost
        if reply.message_type is MessageType.ERROR:
            text = str(reply.body[0]) if reply.body else ""
            raise DBusError(reply.error_name or "", text, reply)
        return list(reply.body)

    async def listen(self, rule: str) -> None:
        """Ask for the signals that match `rule`; see "Match Rules" in the D-Bus specification."""
        rule = f"type='signal',{rule}"
        await self.call(DAEMON, "/org/freedesktop/DBus", DAEMON, "AddMatch", "s", rule)

    async def listen_for_owner(self, name: str) -> bool:
        """Ask for `NameOwnerChanged` of `name`; return whether `name` has an owner now."""
        await self.listen(f"sender='{DAEMON}',member='NameOwnerChanged',arg0='{name}'")
        [owned] = await self.call(
            DAEMON, "/org/freedesktop/DBus", DAEMON, "NameHasOwner", "s", name
        )
        return bool(owned)

    async def activatable(self, name: str) -> bool:
        """Return whether the bus starts a program for `name` when `name` is called."""
        [names] = await self.call(DAEMON, "/org/freedesktop/DBus", DAEMON, "ListActivatableNames")
        return name in names

    async def signal(self) -> Message:
        """Wait for the next signal, and return it.

        Raises:
            DeviceError: the bus was lost.
        """
        message = await self._signals.get()
        if message is None:
            raise self._lost
        return message

    def close(self) -> None:
        """End the connection. Calls to it that just arrived stay unanswered."""
        self._closed = True
        self._connection.disconnect()

    def _take(self, message: Message) -> bool:
        """Take a signal; return whether dbus-fast must not handle the message."""
        # The bus signals its own names to every connection, requested or not.
        unasked = message.member in {"NameAcquired", "NameLost"}
        # Any program of the session can send us a signal of any name; the sender is the bus's word.
        forged = message.member == "NameOwnerChanged" and message.sender != DAEMON
        if message.message_type is MessageType.SIGNAL and not (unasked or forged):
            self._signals.put_nowait(message)
        return self._closed  # dbus-fast fails at answers that it can no longer send

    async def watch(self) -> None:
        """Wait until the connection ends, then let `signal` raise the error."""
        try:
            await self._connection.wait_for_disconnect()  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001  (after any error the connection is gone)
            self._lost.__cause__ = error
        self._signals.put_nowait(None)


@contextlib.asynccontextmanager
async def session_bus(problem: type[DeviceError]) -> AsyncIterator[Bus]:
    """Yield a connection to the session bus; raise `problem` if it cannot be made, or is lost."""
    async with _connected("session", BusType.SESSION, problem) as bus:
        yield bus


@contextlib.asynccontextmanager
async def system_bus(problem: type[DeviceError]) -> AsyncIterator[Bus]:
    """Yield a connection to the machine's bus; raise `problem` if it cannot be made, or is lost."""
    async with _connected("system", BusType.SYSTEM, problem) as bus:
        yield bus


@contextlib.asynccontextmanager
async def _connected(name: str, kind: BusType, problem: type[DeviceError]) -> AsyncIterator[Bus]:
    hint = _("Start voice-assistant within the desktop session.")
    try:
        connection = await _Connection(bus_type=kind).connect()
    except Exception as error:
        log.debug("no %s bus: %s", name, error)
        raise problem(_("There is no {name} bus", name=name), hint) from error
    bus = Bus(connection, problem(_("The connection to the {name} bus was lost", name=name), hint))
    watching = asyncio.create_task(bus.watch())
    try:
        yield bus
    finally:
        bus.close()
        await watching
