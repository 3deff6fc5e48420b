"""Commands that concern no turn: which profile answers, conversation mode, the record."""

from __future__ import annotations

import pytest
from fakes import FakeProblems
from helpers.settings.varied import QUIET

from voice_assistant.commands import Conversation, Mute, OffRecord, UseProfile, Wake
from voice_assistant.hearing.attention import Attention
from voice_assistant.history.recorder import Recorder
from voice_assistant.runtime.live_settings import LiveSettings
from voice_assistant.runtime.switches import (
    converse,
    keep_off_the_record,
    mute,
    use_profile,
    wait_for_wake_word,
)
from voice_assistant.settings import loading, profiles
from voice_assistant.settings.kept_switch import KeptSwitch

TWO = '[profiles.work]\nurl = "https://work.example/v1"\n[profiles.play]\nkind = "embedded"\n'


@pytest.fixture
def file(tmp_path, monkeypatch):
    for name in ("VOICE_ASSISTANT_URL", "VOICE_ASSISTANT_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = tmp_path / "config.toml"
    file.write_text(TWO)
    return file


def chooser(file):
    """The settings in use, what chooses a profile, and what was told."""
    live, told = LiveSettings(loading.load(file), file, FakeProblems()), []

    def use(name):
        use_profile(live, lambda *warning: told.append(warning), UseProfile(name=name))

    return live, use, told


def test_a_chosen_profile_answers_at_once_and_after_a_restart(file):
    live, use, told = chooser(file)
    seen = []
    live.follow(lambda before, now: seen.append((before.backend.url, now.backend.url)))
    use("WORK")
    assert seen == [("", "https://work.example/v1")]
    assert profiles.in_use(live.now) == profiles.in_use(loading.load(file)) == "work"
    for name in ("play", "default", "work"):
        use("")
        assert profiles.in_use(live.now) == name
    assert (live.waiting, told) == ((), [])


def test_a_profile_that_was_written_meanwhile_can_be_chosen(file):
    live, use, _ = chooser(file)
    file.write_text(TWO + '[profiles.new]\nurl = "https://new.example/v1"\n')
    use("new")
    assert live.now.backend.url == "https://new.example/v1"
    assert profiles.names(live.now) == ("default", "work", "play", "new")


def test_an_unknown_profile_changes_nothing_and_is_told(file):
    live, use, told = chooser(file)
    use("wrok")
    assert profiles.in_use(live.now) == "default"
    assert told[0][0] == "There is no profile wrok"


def test_a_server_named_by_the_environment_wins_and_that_is_told(file, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_URL", "https://named.example/v1")
    live, use, told = chooser(file)
    use("work")
    assert live.now.backend.url == "https://named.example/v1"
    assert "VOICE_ASSISTANT_URL" in told[0][1]


class Sounds:
    """Remembers which way was heard."""

    def __init__(self):
        self.heard = []

    def switch(self, *, on):
        self.heard.append(on)

    mute = switch


@pytest.mark.parametrize("told", [False, True])
def test_a_mute_is_heard_unless_words_have_told_it(tmp_path, told):
    microphone, sounds = Sounds(), Sounds()
    mute(microphone, sounds, KeptSwitch(tmp_path / "muted"), Mute(on=True, told=told))
    assert microphone.heard == [True]
    assert sounds.heard == ([] if told else [True])


def test_conversation_mode_is_heard_to_begin_and_to_end():
    attention, sounds = Attention(QUIET.hands_free), Sounds()
    for wish, on in [(None, True), (None, False), (True, True), (False, False)]:
        converse(attention, sounds, Conversation(on=wish))
        assert (attention.on, sounds.heard[-1]) == (on, on)


def test_off_the_record_is_heard_to_begin_and_to_end():
    recorder, sounds = Recorder(writer=None), Sounds()
    for wish, off in [(None, True), (None, False), (True, True), (False, False)]:
        keep_off_the_record(recorder, sounds, OffRecord(on=wish))
        assert (recorder.off, sounds.heard[-1]) == (off, off)


@pytest.mark.parametrize("on", [True, False])
def test_the_wait_for_the_wake_word_is_heard_to_begin_and_to_end(file, on, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_CONFIG", str(file))
    sounds = Sounds()
    wait_for_wake_word(Attention(QUIET.hands_free), sounds, Wake(on=on))
    assert (loading.load(file).hands_free.wake_word, sounds.heard) == (on, [on])


def test_a_wake_word_that_cannot_be_chosen_is_not_heard_to_be(file, monkeypatch, caplog):
    monkeypatch.setenv("VOICE_ASSISTANT_CONFIG", str(file))
    file.write_text("not TOML")
    sounds = Sounds()
    wait_for_wake_word(Attention(QUIET.hands_free), sounds, Wake(on=True))
    assert sounds.heard == []
    assert "hands_free.wake_word is not changed" in caplog.text
