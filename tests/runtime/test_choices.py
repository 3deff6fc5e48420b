"""Devices and voices are looked for after the start, and when the menu opens."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.settings.varied import settings_with

from voice_assistant.runtime.choices import Choices, found
from voice_assistant.settings.schema import Settings


async def test_there_is_a_look_after_the_start_and_whenever_the_menu_opens():
    shown = []
    choices = Choices(shown.append, Settings, begin_s=0.0, rest_s=0.0)
    task = asyncio.create_task(choices.run())
    try:
        await until(lambda: len(shown) == 1)
        choices.look()
        await until(lambda: len(shown) == 2)
    finally:
        task.cancel()


@pytest.mark.parametrize(
    ("written", "voices"),
    [("", True), ('backend.kind="dify"', False)],
)
def test_voices_are_those_of_this_machine_where_it_speaks(written, voices):
    settings = settings_with(*([written] if written else []))
    assert ("backend.voice" in found(settings)) == voices
