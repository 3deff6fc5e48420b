"""Waiting for what is about to be so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MOST_PAUSE_S = 0.3


def wait_for(
    condition: Callable[[], T], what: str, timeout_s: float = 20.0, pause_s: float = 0.02
) -> T:
    """Ask again and again until the answer is true, and give it back.

    A question that computes much is asked less often: the processors are for what it waits for.

    Raises:
        AssertionError: `what` did not come about within `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        began_s = time.thread_time()
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s:g} s in vain: {what}")
        time.sleep(max(pause_s, min(3 * (time.thread_time() - began_s), MOST_PAUSE_S)))
