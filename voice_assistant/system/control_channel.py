"""Connects the commands with the daemon: a Unix socket, or a port of this machine on Windows.

Python has no Unix sockets on Windows. There, the file of the socket holds the number of a port and
two words, which only the user can read: who connects says the first, and the daemon the second. So
no other user commands the daemon, and none receives what is meant for the daemon.

This module imports nothing that costs time, see `control_address`. `_socket` is the module under
`socket`, whose import would cost more than everything that `press` does.
"""

from __future__ import annotations

import _socket
import os
import sys

TYPE_CHECKING = False  # the import of `typing` costs more than everything that `press` does
if TYPE_CHECKING:
    import asyncio

_UNIX: int = getattr(_socket, "AF_UNIX", 0)
HAS_FILES = bool(_UNIX)
"""Whether sockets are files here."""

_LOCALHOST = "127.0.0.1"
_WORD_BYTES = 16


class Bound:
    """The daemon's end: a socket that is bound, and not yet listening.

    Args:
        file: the file by which commands find the socket; it must not exist.
        as_file: True makes the file a Unix socket.

    Raises:
        OSError: the socket cannot be made.
    """

    def __init__(self, file: str, *, as_file: bool = HAS_FILES) -> None:
        import socket  # noqa: PLC0415  (only the daemon pays for it)

        self._words = (b"", b"") if as_file else (_word(), _word())
        self.socket = socket.socket(_UNIX if as_file else socket.AF_INET)
        try:
            if as_file:
                self.socket.bind(file)
                os.chmod(file, 0o600)  # noqa: PTH101
            else:
                self.socket.bind((_LOCALHOST, 0))
                _tell(file, self.socket.getsockname()[1], *self._words)
        except OSError:
            self.socket.close()
            raise

    async def admits(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Return whether a connection is one of the user's; wait for its first line to know it."""
        import hmac  # noqa: PLC0415  (only the daemon pays for it)

        word, answer = self._words
        if not word:
            return True  # who can open the file is the user
        if not hmac.compare_digest((await reader.readline()).rstrip(), word):
            return False
        writer.write(answer + b"\n")
        return True


def connected(file: str, timeout_s: float, *, as_file: bool = HAS_FILES) -> _socket.socket:
    """Return a connection with the daemon.

    Args:
        file: the file that the daemon has made.
        timeout_s: seconds that each step of the connection may take, now and later.
        as_file: the same as the daemon's `Bound`.

    Raises:
        OSError: no daemon is there.
    """
    address: str | tuple[str, int] = file
    if not as_file:
        port, word, answer = _told(file)
        address = _LOCALHOST, port
    made = _socket.socket(_UNIX if as_file else _socket.AF_INET, _socket.SOCK_STREAM)
    try:
        made.settimeout(timeout_s)
        made.connect(address)
        if not as_file:
            _greet(made, word, answer)
    except BaseException:
        made.close()
        raise
    return made


def peer_pid(connection: _socket.socket) -> int:
    """Return the id of the process that listens; 0 where the system does not tell (not Linux)."""
    if sys.platform != "linux":
        return 0
    try:
        peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    except OSError:
        return 0
    return int.from_bytes(peer[:4], sys.byteorder)


def _greet(to: _socket.socket, word: bytes, answer: bytes) -> None:
    """Exchange the words: another program may have the port since the daemon was killed."""
    to.sendall(word + b"\n")
    told = b""
    while piece := to.recv(len(answer) + 1 - len(told)):
        told += piece
        if told == answer + b"\n":
            return
    raise ConnectionRefusedError


def _word() -> bytes:
    return os.urandom(_WORD_BYTES).hex().encode()


def _tell(file: str, port: int, word: bytes, answer: bytes) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as told:  # noqa: PTH123
        told.write(b"%d %s %s" % (port, word, answer))


def _told(file: str) -> tuple[int, bytes, bytes]:
    try:
        with open(file, "rb") as told:  # noqa: PTH123
            port, word, answer = told.read(8 * _WORD_BYTES).split()
        return int(port), word, answer
    except ValueError as error:  # the daemon has not yet written it
        raise ConnectionRefusedError from error
