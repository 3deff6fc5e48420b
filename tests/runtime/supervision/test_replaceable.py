"""Parts are replaced when their settings change."""

from __future__ import annotations

import asyncio

from fakes import FakeProblems, until
from helpers.settings.varied import settings_with

from voice_assistant.runtime.supervision.replaceable import Replaceable
from voice_assistant.settings.schema import Settings


class Part:
    def __init__(self, name, running):
        self.name = name
        self._running = running

    async def run(self, ready):
        ready()
        self._running.append(self.name)
        try:
            await asyncio.Event().wait()
        finally:
            self._running.remove(self.name)


async def test_parts_are_replaced_when_their_settings_change_and_only_then():
    running = []
    parts = Replaceable(
        lambda now: [Part(now.hotkey.keys, running)] if now.hotkey.keys else [],
        lambda now: now.hotkey,
        Settings(),
        FakeProblems(),
    )
    task = asyncio.create_task(parts.run())
    await until(lambda: running == ["ctrl+alt+space"])
    parts.follow(Settings(), settings_with('hotkey.keys="f9"'))
    await until(lambda: running == ["f9"])
    parts.follow(Settings(), settings_with('hotkey.keys="f9"', "speech.speed=2"))
    await asyncio.sleep(0)
    assert running == ["f9"]
    parts.follow(Settings(), settings_with('hotkey.keys=""'))
    await until(lambda: not running)
    parts.follow(Settings(), settings_with('hotkey.keys="f8"'))
    await until(lambda: running == ["f8"])
    task.cancel()
    await until(lambda: not running)
