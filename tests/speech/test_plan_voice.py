"""What the plan learns of the server's voice."""

from __future__ import annotations

from helpers.speech.planned import named, sound

from voice_assistant.speech.coverage import StreamFiles
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.speech.prosody import UNHEARD


def whole_answer():
    """A plan after an answer whose audio came as a whole file, and what it has asked for."""
    plan = SpeechPlan(auto_play=True)
    for delta in ("One is the first. Two is the second.", " Three is the third."):
        plan.text(delta)
    plan.audio(sound(2.6))
    plan.ended(last_whole=True)
    return plan, named(plan)


def test_a_voice_that_is_known_is_asked_for_less_again():
    before, _ = whole_answer()
    asked = []
    for prosody in (UNHEARD, before.prosody):
        plan = SpeechPlan(auto_play=True, prosody=prosody)
        plan.text("Four is the fourth. Five is the fifth.")
        cut = sound(2.6)
        plan.audio(cut._replace(pcm=cut.pcm[:1700]))
        plan.ended(last_whole=False)
        asked.append(named(plan))
    assert asked == [["Four is the fourth.", "Five is the fifth."], ["Five is the fifth."]]


def test_a_file_that_was_cut_off_or_is_no_plain_text_tells_nothing_of_the_voice():
    for text, last_whole in (
        ("One is the first. Two is the second.", False),
        ("One is the first. Two is the second.", None),
        ("[One](https://example.net/a/link/that-nobody-reads-out/) is. `two` is 2.", True),
    ):
        plan = SpeechPlan(auto_play=True)
        plan.text(text)
        plan.audio(sound(2.6))
        plan.ended(last_whole=last_whole)
        assert plan.prosody == UNHEARD


def speech_of(*seconds):
    speech = StreamFiles()
    for file, length_s in enumerate(seconds):
        speech.add(sound(length_s, file))
    return speech


def test_a_sentence_that_was_asked_for_tells_of_the_voice():
    plan, asked = whole_answer()
    assert asked == ["Three is the third."]
    before = plan.prosody
    plan.learn_timing("Three is the third.", speech_of(0.7, 0.7))
    assert plan.prosody == before  # who knows which words are in which
    plan.learn_timing("三是第三句话。", speech_of(1.8))
    assert plan.prosody == before  # nor how this answer is read
    plan.learn_timing("Three is the third.", speech_of(1.8))
    assert plan.prosody.pace.mean > before.pace.mean
