"""Tells which step of the app runs while an answer brings no words for a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.api.stream import events as wire
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from voice_assistant.backend.whole_answer import WholeAnswer

QUIET_S = 6.0
"""Seconds without words after which a person wonders whether anything goes on."""

STEP_MAX = 60
_NO_STEPS = {"start", "end", "answer", "if-else", "question-classifier", "variable-aggregator"}
"""Kinds of Dify's nodes that take no time, or say nothing to a person."""


class AppSteps:
    """Follows the events of one answer.

    Args:
        handle: gets `events.Working`.
    """

    def __init__(self, handle: events.Handler) -> None:
        self._emit = handle
        self._step = ""
        self._told: str | None = None  # the step that was told since the last words
        self._quiet_since_s = 0.0
        self._changed = asyncio.Event()

    def emit(self, event: events.AnyEvent) -> None:
        """Pass on an event of the answer; words end the quiet time."""
        if isinstance(event, events.Text | events.Replaced | events.Form):
            self._rest()
        self._emit(event)

    def came(self, event: wire.StreamEvent) -> None:
        """Note the step that an event of the stream tells of."""
        match event:
            case wire.NodeStarted(data=node) if node.node_type not in _NO_STEPS and node.title:
                self._step = _shown(node.title)
            case wire.AgentThought(tool=tool) if tool:
                self._step = _shown(tool.split(";")[0].replace("_", " "))
            case _:
                return
        self._changed.set()

    async def run(self, stream: WholeAnswer) -> None:
        """Tell of each step that runs while no words come, until cancelled."""
        self._rest()
        while True:
            now_s = asyncio.get_running_loop().time()
            if (quiet_s := now_s - self._quiet_since_s) < QUIET_S:
                await asyncio.sleep(QUIET_S - quiet_s)
            elif stream.queued:  # that is told by itself
                self._rest()
            else:
                self._changed.clear()
                if self._told != self._step:
                    self._told = self._step
                    self._emit(events.Working(step=self._step))
                await self._changed.wait()

    def _rest(self) -> None:
        self._quiet_since_s = asyncio.get_running_loop().time()
        self._told = None
        self._changed.set()


def _shown(step: str) -> str:
    words = " ".join(printable(step).split())
    return words if len(words) <= STEP_MAX else words[: STEP_MAX - 1].rstrip() + "…"
