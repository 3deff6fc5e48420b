"""The one thread that calls PortAudio. The calls may hang for ever; the program must still end.

An executor of the standard library joins its threads when the program ends. A thread that hangs in
`Pa_CloseStream`, as happens when the sound server is killed around it, would keep the program from
ending.
"""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

TURN_S = 0.0005
"""Seconds that one thread of a program with sound may keep Python's lock while others wait.

With Python's own 5 ms each read, write and step of a computation waits 5 ms: beside two busy
threads a sentence was fetched, decoded and passed on more slowly than it is spoken.
"""


class PortAudioThread:
    """Runs calls one after the other, on a daemon thread that is never joined.

    The thread starts with the first call.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._start = threading.Lock()
        self._started = False
        self._since_s: float | None = None

    @property
    def busy_s(self) -> float:
        """Return the seconds that the present call has taken so far; 0.0 without a call."""
        since_s = self._since_s
        return 0.0 if since_s is None else time.monotonic() - since_s

    def submit(self, function: Callable[[*Ts], T], *args: *Ts) -> Future[T]:
        """Call `function` after all calls that were submitted before; return its future.

        If the future is cancelled before that, `function` is not called.
        """
        with self._start:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, name="portaudio", daemon=True).start()
        future: Future[T] = Future()
        self._calls.put((future, lambda: function(*args)))
        return future

    def _run(self) -> None:
        sys.setswitchinterval(TURN_S)
        while True:
            future, call = self._calls.get()
            if future.set_running_or_notify_cancel():
                self._since_s = time.monotonic()
                try:
                    future.set_result(call())
                except BaseException as error:  # noqa: BLE001  (the future passes it on)
                    future.set_exception(error)
                finally:
                    self._since_s = None
            # Without this, the last result, perhaps a stream, would live until the next call.
            del future, call
