"""The microphone is measured while somebody is listened to, and at no other time."""

from __future__ import annotations

import asyncio

from fakes import until

from voice_assistant import events
from voice_assistant.subscribers.level_meter import LevelMeter


async def test_the_level_is_measured_only_while_listening():
    shown: list[float | None] = []
    levels = iter(range(1000))
    meter = LevelMeter(lambda: -float(next(levels)), shown.append)
    measuring = asyncio.create_task(meter.run())
    await asyncio.sleep(0)
    assert shown == []
    meter.handle(events.Listening())
    await until(lambda: len(shown) == 3)
    meter.handle(events.Transcribing())
    assert shown == [0.0, -1.0, -2.0, None]
    meter.handle(events.Idle())
    await asyncio.sleep(0.3)
    assert shown == [0.0, -1.0, -2.0, None]
    meter.handle(events.Listening())
    await until(lambda: shown[4:] == [-3.0])
    measuring.cancel()
