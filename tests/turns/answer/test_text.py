"""What of an answer is shown, kept and spoken."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeSpeaker, pieces, speak_wav, until, utter, wav
from helpers.turns.staging import IDS, server, staged

from voice_assistant import events
from voice_assistant.api.models import Parameters
from voice_assistant.api.models.app import TextToSpeech
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
    MessageFile,
    MessageReplace,
    Reasoning,
    ReasoningChunk,
    TtsMessage,
    TtsMessageEnd,
)
from voice_assistant.commands import Ask

END = MessageEnd(**IDS)


def written(text, size=5):
    return [Message(answer=text[at : at + size], **IDS) for at in range(0, len(text), size)]


async def answered(*script, turns=1, speaker=None, **behaviour):
    """What was kept, shown and asked to be spoken in the last of some turns."""
    backend = server(script=[*script], **behaviour)
    async with staged(backend=backend, speaker=speaker) as stage:
        for _ in range(turns):
            stage.events.clear()
            backend.spoken.clear()
            stage.post(Ask(text="hello"))
            await stage.turn_over()
        (whole,) = [event for event in stage.events if isinstance(event, events.Answered)]
    return whole.text, stage.shown(), backend.spoken


@pytest.mark.parametrize(
    "text",
    [
        "<think>\nHm. I look.\n</think>\n\nThe Nile. Is that all?",
        "<THINKING>Hm.</THINKING>The Nile. Is that all?",
        '<tool_call>{"river": 1}</tool_call>The Nile. Is that all?<|im_end|>',
    ],
)
async def test_of_an_answer_with_thinking_the_answer_alone_is_shown_kept_and_spoken(text):
    kept, shown, spoken = await answered(*written(text), END)
    assert kept == shown == "The Nile. Is that all?"
    assert spoken == ["The Nile.", "Is that all?"]


STEPS = (
    "Thought: A river.\nAction: search\nAction Input: river\nObservation: Nile\n"
    "Final Answer: The Nile. Is that all?"
)
MATTER = "---\ntitle: Rivers\n---\n\nThe Nile. Is that all?"


@pytest.mark.parametrize("text", [STEPS, MATTER])
@pytest.mark.parametrize("size", [1, 5, 500])
async def test_steps_and_front_matter_are_shown_and_kept_but_not_spoken(text, size):
    kept, shown, spoken = await answered(*written(text, size), END)
    assert kept == shown == text
    assert spoken == ["The Nile.", "Is that all?"]


async def test_a_line_that_an_agent_could_write_is_spoken():
    text = "To begin:\nAction: press the button."
    assert (await answered(*written(text), END))[2] == ["To begin:", "Action: press the button."]


async def test_steps_that_are_replaced_by_the_answer_are_not_spoken():
    steps = written("Thought: A river.\nAction: search\n")
    script = (*steps, MessageReplace(answer="The Nile.", **IDS), END)
    assert await answered(*script) == ("The Nile.", "The Nile.", ["The Nile."])


async def test_thinking_that_nothing_begins_is_taken_back_and_the_next_time_waited_for():
    script = [*written("Hm. I look.\n</think>\n\nThe Nile.", 100), END]
    kept, shown, _ = await answered(*script)
    assert kept == shown == "The Nile."
    assert await answered(*script, turns=2) == ("The Nile.", "The Nile.", ["The Nile."])


@pytest.mark.parametrize("end", ["</thinking>", "[/THINK]"])
async def test_of_thinking_that_an_end_alone_tells_nothing_is_heard_from_that_end_on(end):
    async def speech(request):
        if request.text != "The Nile.":
            await asyncio.Event().wait()
        async for piece in speak_wav(request):
            yield piece

    begin, rest = written("Okay, hello. Short.\n"), written(f"{end}\n\nThe Nile.")
    speaker = FakeSpeaker()
    await answered(*begin, *rest, END, speaker=speaker, speech=speech)
    assert speaker.heard_words == "The Nile.", "the end came before any sound"

    ends, speaker = asyncio.Event(), FakeSpeaker(held=True, ahead_s=0.3)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(answered(*begin, ends, *rest, END, speaker=speaker))
        await until(lambda: speaker.words)
        speaker.hear(0.2)
        ends.set()
        await until(lambda: speaker.playbacks[0].state == "aborted")
        speaker.release()
    thought, answer = (one.heard_words for one in speaker.playbacks)
    assert "Okay".startswith(thought)
    assert answer == "The Nile."


THOUGHT = "The user wants a river. I must not say this aloud."


AUTO_PLAY = Parameters(text_to_speech=TextToSpeech(enabled=True, auto_play_word="enabled"))


def thought_aloud(*before, answer="The Nile."):
    """An answer that begins so, and the server's speech of all of it."""
    said = [TtsMessage(audio=piece, **IDS) for piece in pieces(wav(utter(THOUGHT + answer)))]
    return [*before, *said, *written(answer, 100), END, TtsMessageEnd(**IDS)]


@pytest.mark.parametrize(
    "begin",
    [
        *(
            [Message(answer=begin, **IDS)]
            for begin in (
                f"<think>{THOUGHT}</think>",
                f"<THINKING>{THOUGHT}</THINKING>",
                f"<reasoning>{THOUGHT}</reasoning>",
                f"[THINK]{THOUGHT}[/THINK]",
                f"◁think▷{THOUGHT}◁/think▷",
                f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|channel|>final<|message|>",
                f'<details style="color:gray" open> <summary>Thinking</summary>{THOUGHT}</details>',
                f'<tool_call>{{"name": "{THOUGHT}"}}</tool_call>',
                f"{THOUGHT}</think>",
            )
        ),
        [ReasoningChunk(data=Reasoning(reasoning=THOUGHT), **IDS)],
    ],
)
async def test_where_thinking_comes_first_the_servers_speech_is_not_taken(begin):
    speaker = FakeSpeaker()
    script = thought_aloud(*begin)
    kept, shown, spoken = await answered(*script, can=AUTO_PLAY, speaker=speaker)
    assert kept == shown == "The Nile."
    assert spoken == ["The Nile."]
    assert speaker.heard_words == "The Nile."


@pytest.mark.parametrize("text", [STEPS, MATTER])
async def test_the_servers_speech_of_steps_and_front_matter_is_not_taken(text):
    said = [TtsMessage(audio=piece, **IDS) for piece in pieces(wav(utter(text)))]
    speaker = FakeSpeaker()
    script = (*written(text[:12]), *said, *written(text[12:]), END, TtsMessageEnd(**IDS))
    _, _, spoken = await answered(*script, can=AUTO_PLAY, speaker=speaker)
    assert spoken == ["The Nile.", "Is that all?"]
    assert speaker.heard_words == "The Nile.Is that all?"


async def test_the_speech_of_text_that_is_held_back_is_not_taken():
    """Its model began with thinking the last time, and no sign said so."""
    first = [Message(answer=f"{THOUGHT}</think>The Nile.", **IDS), END]
    later = thought_aloud(Message(answer=THOUGHT, **IDS), answer="</think>The Nile.")
    speaker = FakeSpeaker()
    told = await answered(scripts=[first, later], turns=2, can=AUTO_PLAY, speaker=speaker)
    assert told == ("The Nile.", "The Nile.", ["The Nile."])
    assert speaker.heard_words == "The Nile." * 2


async def test_a_replacement_is_without_thinking_too():
    script = [*written("Bad."), MessageReplace(answer="<think>Hm.</think>Sorry.", **IDS), END]
    kept, shown, spoken = await answered(*script)
    assert kept == shown == "Sorry."
    assert spoken[-1] == "Sorry."


PICTURE = MessageFile(id="f", type="image", belongs_to="assistant", url="https://a.org/b.png")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([END], "The answer has no words."),
        ([*written("<think>Hm."), END], "The answer has no words."),
        ([*written("<think>Hm.</think>"), END], "The answer has no words."),
        ([PICTURE, END], "The answer is a picture."),
        ([MessageEnd(files=({"type": "image"},) * 2, **IDS)], "The answer is 2 pictures."),
        ([MessageEnd(files=({"type": "document"},), **IDS)], "The answer is a file."),
    ],
)
async def test_an_answer_without_words_says_so(script, said):
    assert await answered(*script) == (said, said, [said])


@pytest.mark.parametrize("text", ["---", "![](https://a.org/b.png)"])
async def test_signs_without_words_are_shown_and_told(text):
    kept, shown, (said,) = await answered(*written(text), END)
    assert kept == shown == f"{text}\n\n{said}"
    assert said in {"The answer has no words.", "The answer is a picture."}


async def test_signs_are_spoken_in_the_language_of_the_answer():
    _, _, spoken = await answered(*written("Das dauert ~5 Minuten, also 20~30 Sekunden mehr."), END)
    assert spoken == ["Das dauert etwa 5 Minuten, also 20 bis 30 Sekunden mehr."]


async def test_a_long_piece_of_text_lets_others_work():
    turns = 0

    async def work():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    working = asyncio.create_task(work())
    text = "\\[" * 20_000
    kept, _, _ = await answered(Message(answer=text, **IDS), END)
    working.cancel()
    assert kept.startswith(text)
    assert turns > len(text) // 2048
