"""A desktop whose parts are killed and started again in any order leaves the assistant working.

`VOICE_ASSISTANT_RESTARTS_S` says for how long that goes on: five minutes by default.
"""

from __future__ import annotations

import contextlib
import os
import random
import time

import pytest
from bench.waiting import wait_for
from helpers.e2e.assistant import Assistant, answered_aloud, held, icon_in_words

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

RESTARTS_S = float(os.environ.get("VOICE_ASSISTANT_RESTARTS_S", "300"))


def test_parts_of_the_desktop_may_end_and_come_back_in_any_order(make_desktop, request):
    seed = request.config.getoption("--hypothesis-seed")  # `packaging/check.sh` prints it
    rng = random.Random(seed)  # noqa: S311  (the same each time)
    desktop = make_desktop()
    parts = [desktop.panel, desktop.notifications, desktop.bus, desktop.sound]
    with Assistant(desktop) as assistant:
        assistant.wait_until_complete()
        over_at_s = time.monotonic() + RESTARTS_S
        while time.monotonic() < over_at_s:
            part = rng.choice(parts)
            if part.running:
                (part.kill if rng.random() < 0.7 else part.stop)()
            elif part is desktop.bus or desktop.bus.running:  # the others need the bus
                with contextlib.suppress(AssertionError):
                    part.start()
            if rng.random() < 0.3:
                assistant.tell(*rng.choice([("toggle",), ("stop",), ("ask", "what is 3 plus 4")]))
            time.sleep(rng.uniform(0.1, 4.0))
        for part in (desktop.bus, desktop.sound, desktop.panel, desktop.notifications):
            if not part.running or not part.works():
                part.stop()
                part.start()
        assistant.wait_until_complete()
        assistant.tell("stop")
        with desktop.listen() as heard:
            assistant.tell("ask", "what is twelve times seven")
            answered_aloud(heard)
        wait_for(lambda: any("84" in one.body for one in desktop.notified()), "it is shown")
        # Only now: what went wrong without a bus or a loudspeaker is shown until the next turn.
        wait_for(lambda: "Ready" in icon_in_words(desktop, assistant), "the icon is ready", 60)
        with held(desktop):
            assistant.wait_for_phase("listening")
        assistant.wait_for_end_of("listening")
        assert "Traceback" not in assistant.said() + assistant.log()
