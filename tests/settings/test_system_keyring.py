from __future__ import annotations

import asyncio

import keyring
import pytest
from fakes import until
from helpers.settings.keyrings import SilentKeyring, ring

from voice_assistant.errors import ConfigError
from voice_assistant.settings.address import spellings
from voice_assistant.settings.system_keyring import SERVICE, Keyring

__all__ = ["ring"]

URL = "https://app.example/v1"


@pytest.fixture
def silent(ring):
    keyring.set_keyring(silent := SilentKeyring())
    yield silent
    silent.answered.set()


async def test_a_keyring_that_does_not_answer_is_said_and_asked_once(silent):
    asked = Keyring(URL, limit_s=0.05)
    for _ in range(3):
        with pytest.raises(ConfigError, match="does not answer") as caught:
            async with asyncio.timeout(10):
                await asked.key()
        assert "unlock" in caught.value.hint
        assert "backend.api_key_command" in caught.value.hint
    assert silent.asked == 1


async def test_a_keyring_that_answers_late_is_used_from_then_on(silent):
    silent.set_password(SERVICE, URL, "app-kept")
    asked = Keyring(URL, limit_s=0.05)
    with pytest.raises(ConfigError, match="does not answer"):
        await asked.key()
    silent.answered.set()
    await until(asked._question.done)
    assert await Keyring(URL, limit_s=10).key() == "app-kept"
    assert await asked.key() == "app-kept"


async def test_a_late_answer_asks_no_keyring_that_was_chosen_meanwhile(silent):
    asked = Keyring(URL, limit_s=0.05)
    with pytest.raises(ConfigError, match="does not answer"):
        await asked.key()
    keyring.set_keyring(other := SilentKeyring())
    silent.answered.set()
    await until(asked._question.done)
    assert (silent.asked, other.asked) == (len(spellings(URL)), 0)


async def test_everybody_who_waits_for_the_keyring_shares_one_question(silent):
    silent.set_password(SERVICE, URL, "app-kept")
    asked = Keyring(URL, limit_s=20)
    waiting = [asyncio.create_task(asked.key()) for _ in range(5)]
    await until(lambda: silent.asked)
    waiting[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    silent.answered.set()
    assert await asyncio.gather(*waiting[1:]) == ["app-kept"] * 4
    assert silent.asked == 1
