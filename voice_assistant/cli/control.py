"""The client of the control socket, by which every command reaches the running daemon."""

from __future__ import annotations

import time

from voice_assistant.system import control_address, control_channel

TYPE_CHECKING = False  # the import of `typing` costs more than everything that `press` does
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self, TypeVar

    import msgspec

    T = TypeVar("T")

ANSWER_S = 10.0
_TAKEN = b'{"ok":true}'
_STATUS = b'{"command":"status"}'
_READ_BYTES = 65536
_MOST_BYTES = 10_000_000  # of a line
_SHOWN_BYTES = 500


class Control:
    """A connection with the daemon. The end of its context closes it, which stops its turn.

    Raises:
        NotRunning: no daemon runs.
    """

    def __init__(self) -> None:
        try:
            self._socket = control_channel.connected(control_address.socket_file(), ANSWER_S)
        except OSError as error:
            from voice_assistant.errors import NotRunning
            from voice_assistant.translation import _

            raise NotRunning(
                _("The assistant is not running"), _("Start it with `voice-assistant run`.")
            ) from error

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._socket.close()

    @property
    def daemon_pid(self) -> int:
        """The id of the daemon's process; 0 where the system does not tell (not Linux)."""
        return control_channel.peer_pid(self._socket)

    def request(self, line: bytes) -> bytes:
        """Send one line; return the answer's line.

        Raises:
            DaemonError: the daemon sent no answer.
        """
        return next(self.stream(line, ANSWER_S))

    def order(self, line: bytes) -> None:
        """Send one command that has no answer of its own.

        Raises:
            DaemonError: the daemon refused the command, or sent no answer.
        """
        answer = self.request(line)
        if answer != _TAKEN:
            from voice_assistant.errors import DaemonError
            from voice_assistant.translation import _

            told = answer[:_SHOWN_BYTES].decode("utf-8", "replace")
            raise DaemonError(
                _("The assistant did not take the command: {answer}", answer=told),
                _("It may be of another version: `voice-assistant restart` starts this one."),
            )

    def stream(self, line: bytes, patience_s: float | None = None) -> Iterator[bytes]:
        """Send one line; yield the lines of the answer without end.

        Args:
            line: a command in JSON, without the newline.
            patience_s: how long the lines may take; None sets no limit to a daemon that still
                tells its status.

        Raises:
            DaemonError: no further line came: the daemon has ended, or hangs.
        """
        try:
            self._socket.settimeout(ANSWER_S if patience_s is None else patience_s)
            self._socket.sendall(line + b"\n")
            rest, begin_s = b"", time.monotonic()
            while len(rest) < _MOST_BYTES and (piece := self._piece(patience_s)):
                *lines, rest = (rest + piece).split(b"\n")
                yield from lines
                if patience_s is not None:
                    left_s = begin_s + patience_s - time.monotonic()
                    self._socket.settimeout(max(left_s, 0.001))
        except TimeoutError as error:
            raise _silent() from error
        except OSError as error:
            raise _gone() from error
        raise _gone()

    def _piece(self, patience_s: float | None) -> bytes:
        while True:
            try:
                return self._socket.recv(_READ_BYTES)
            except TimeoutError:
                if patience_s is not None:
                    raise
                with Control() as daemon:
                    daemon.request(_STATUS)


def understood(line: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the message in a line from the daemon.

    Raises:
        DaemonError: the line is not such a message: the daemon has another version, or refused
            the command.
    """
    import msgspec

    from voice_assistant.system.json_lines import decoded

    try:
        return decoded(line, decoder)
    except msgspec.DecodeError as error:
        from voice_assistant.errors import DaemonError
        from voice_assistant.translation import _

        raise DaemonError(
            _("The running assistant answers in a way that this version does not understand"),
            _("End it with `voice-assistant quit`, and start it again."),
        ) from error


def _silent() -> Exception:
    from voice_assistant.errors import Hanging
    from voice_assistant.translation import _

    return Hanging(
        _("The assistant does not answer"),
        _("End it with `voice-assistant quit`, and start it again."),
    )


def _gone() -> Exception:
    from voice_assistant.errors import DaemonError
    from voice_assistant.translation import _

    return DaemonError(
        _("The assistant ended before the answer did"),
        _("Start it again with `voice-assistant run`."),
    )
