"""What single keys mean for one chord. A slash is a key coming up, "..." a while without a move."""

from __future__ import annotations

import asyncio

import pytest

from voice_assistant.desktop.hotkey import keys
from voice_assistant.desktop.hotkey.follower import ALONE_S, ChordFollower, Move

DOWN, UP, SPOILT = Move.DOWN, Move.UP, Move.SPOILT
BOTH = [DOWN, UP]


async def follow(chord: str, story: str) -> list[Move]:
    heard: list[Move] = []
    follower = ChordFollower(keys.parse(chord), heard.append)
    for word in story.split():
        if word == "...":
            await asyncio.sleep(ALONE_S * 1.5)
        elif word.startswith("/"):
            follower.release(word[1:])
        else:
            follower.press(word, word.removesuffix("2"))
    return heard


@pytest.mark.parametrize(
    ("story", "heard"),
    [
        ("ctrl alt space /space /alt /ctrl", BOTH),
        ("alt ctrl space space space /space", BOTH),
        ("ctrl alt space /alt /ctrl /space", BOTH),
        ("ctrl alt space /alt alt /space", BOTH),
        ("ctrl ctrl2 alt /ctrl space /space", BOTH),
        ("ctrl space /space", []),
        ("ctrl alt shift space /space", []),
        ("ctrl alt a /a", []),
        ("ctrl alt space /space space /space", BOTH * 2),
        ("space ctrl alt /space", []),
    ],
)
async def test_a_chord_is_followed(story, heard):
    assert await follow("ctrl+alt+space", story) == heard


@pytest.mark.parametrize(
    ("story", "heard"),
    [
        ("rightctrl /rightctrl", BOTH),
        ("rightctrl ...", [DOWN]),
        ("rightctrl rightctrl ... rightctrl /rightctrl", BOTH),
        ("rightctrl c /c /rightctrl", []),
        ("rightctrl c ... /rightctrl /c", []),
        ("rightctrl ... c /c /rightctrl", [DOWN, SPOILT]),
        ("shift rightctrl ... /rightctrl /shift", []),
        ("rightctrl c /c /rightctrl rightctrl /rightctrl", BOTH),
    ],
)
async def test_a_lone_modifier_counts_only_without_another_key(story, heard):
    assert await follow("rightctrl", story) == heard


async def test_sticky_keys_hold_modifiers_down_without_a_key():
    heard: list[Move] = []
    follower = ChordFollower(keys.parse("ctrl+alt+space"), heard.append)
    follower.press("space", "space", frozenset({"ctrl", "alt"}))
    assert heard == [DOWN]


async def test_the_end_of_watching_lets_the_key_go():
    heard: list[Move] = []
    follower = ChordFollower(keys.parse("f9"), heard.append)
    follower.close()
    follower.press("f9", "f9")
    follower.close()
    follower.close()
    assert heard == BOTH


async def test_the_end_of_watching_lets_no_lone_modifier_settle_later():
    heard: list[Move] = []
    follower = ChordFollower(keys.parse("rightctrl"), heard.append)
    follower.press("rightctrl", "rightctrl")
    follower.close()
    await asyncio.sleep(ALONE_S * 1.5)
    assert heard == []
