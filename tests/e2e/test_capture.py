"""What is said is what the server hears: no word is clipped."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from email.parser import BytesParser
from email.policy import HTTP

import numpy as np
import pytest
from bench import Desktop
from bench.sounds import RATE_HZ, contains, flite, load, similarity
from bench.waiting import wait_for
from helpers.audio.wav_files import write_wav
from helpers.e2e.assistant import Assistant, aloud, held
from helpers.e2e.dify import access, app, served

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.earcons import start_sound

SENTENCE = "Two hundred boats went down to the harbour before the tide was out."
LEAD_S = 2.0
SEEN_LATE_S = 0.03
"""How late the bench hears the beginning of what it plays, about."""
XDOTOOL_S = 0.03
MOST_LATE_S = 0.06
PRE_ROLL = "[microphone]\npre_roll_s = 0.5\n"
NO_SPEECH = "[speech]\nenabled = false\n"
CLICK = (np.sin(np.arange(320) * 0.4) * 8000).astype(np.int16)


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="xfce4-notifyd") as whole:
        yield whole


def said() -> np.ndarray:
    """The sentence, from its first sound to its last."""
    pcm = load(flite(SENTENCE))
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > 300)
    return pcm[loud[0] : loud[-1] + 1]


class Speaker:
    """Somebody who says the sentence, and how long until, or since, they began."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._began_at = 0.0

    @contextmanager
    def speaking(self):
        """The sentence is said during the block, two seconds after it began."""
        wav = self._desktop.folder / "said.wav"
        lead = np.zeros(round(LEAD_S * RATE_HZ) - len(CLICK), np.int16)
        write_wav(wav, np.concatenate([CLICK, lead, said()]), RATE_HZ)
        mouth = threading.Thread(target=self._desktop.speak_into_microphone, args=(wav,))
        with self._desktop.listen(self._desktop.sound.microphone) as heard:
            mouth.start()
            wait_for(lambda: heard.pcm.any(), "the click is heard")  # noqa: PLW0108 - it grows
            self._began_at = time.monotonic() - SEEN_LATE_S + LEAD_S
            yield
            mouth.join()

    def now(self) -> float:
        """Seconds since the sentence began."""
        return time.monotonic() - self._began_at

    def wait(self, seconds: float) -> None:
        """Until `seconds` after the sentence began (before, where negative)."""
        time.sleep(max(0.0, seconds - self.now()))


def uploaded(server) -> np.ndarray:
    """What the server was last given to hear."""
    request = [one for one in server.requests if one.path == "/audio-to-text"][-1]
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    (file,) = (part for part in form.iter_parts() if part.get_filename())
    return read_speech(file.get_payload(decode=True))


class Late(AssertionError):
    """The bench was too slow to press when it should have."""


def say_and_press(desktop, *, press_s: float, release_s: float) -> None:
    """Press and release the key so long after the sentence begins.

    Raises:
        Late: that did not succeed.
    """
    speaker = Speaker(desktop)
    with speaker.speaking(), held(desktop, ("ctrl", "alt")):
        speaker.wait(press_s - XDOTOOL_S)
        with held(desktop, ("space",)):
            late_s = speaker.now() - press_s
            speaker.wait(release_s)
    if late_s > MOST_LATE_S:
        raise Late(late_s)


@pytest.fixture(scope="module", params=[""], ids=["no pre-roll"])
def listening(request, desktop):
    """The server of a running assistant that says nothing; the parameter is more of its settings.

    It goes on for the next test that has the same settings.
    """
    with (
        served(app("1.14.0")) as server,
        Assistant(desktop, NO_SPEECH + request.param, **access(server)) as assistant,
    ):
        assistant.wait_until_complete()
        yield server, assistant


def heard_by_the_server(desktop, listening, *, press_s: float, release_s: float):
    """What the server was given to hear: up to five attempts, until the press came in time."""
    server, assistant = listening
    for attempt in range(5):
        with suppress(*((Late,) if attempt < 4 else ())):
            server.requests.clear()
            say_and_press(desktop, press_s=press_s, release_s=release_s)
            break
        assistant.wait_for_phase("idle")
    assistant.wait_for_phase("idle")
    live = [one for one in server.requests if one.path == "/audio-to-text"]
    assert [one.headers.get("transfer-encoding") for one in live] == ["chunked"]
    return uploaded(server)


def whole(captured: np.ndarray) -> bool:
    return contains(captured, said(), at_least=0.9, share=1.0)


LENGTH_S = len(said()) / RATE_HZ


def test_a_sentence_that_begins_with_the_press_is_heard_whole(desktop, listening):
    sent = heard_by_the_server(desktop, listening, press_s=0.0, release_s=LENGTH_S + 0.5)
    assert whole(sent)


def test_without_a_pre_roll_what_was_said_before_the_press_is_not_recorded(desktop, listening):
    sent = heard_by_the_server(desktop, listening, press_s=0.9, release_s=LENGTH_S + 0.5)
    assert not whole(sent)
    assert contains(sent, said()[RATE_HZ:], at_least=0.9, share=1.0)


def test_a_sentence_that_ends_with_the_release_is_heard_whole(desktop, listening):
    assert whole(heard_by_the_server(desktop, listening, press_s=-0.5, release_s=LENGTH_S))


def test_the_start_sound_is_not_heard_by_the_server(desktop, listening):
    with aloud(desktop):
        sent = heard_by_the_server(desktop, listening, press_s=-1.0, release_s=LENGTH_S + 0.5)
    assert whole(sent)
    quiet = sent[RATE_HZ // 20 : RATE_HZ * 8 // 10].astype(np.float64)
    assert np.sqrt(np.mean(quiet**2)) < 0.1 * np.sqrt(np.mean(said().astype(np.float64) ** 2))
    assert max(similarity(sent[: RATE_HZ * 8 // 10], start_sound(RATE_HZ))) < 0.5


@pytest.mark.parametrize("listening", [PRE_ROLL], indirect=True, ids=["pre-roll"])
def test_a_sentence_that_begins_before_the_press_is_heard_whole_with_a_pre_roll(desktop, listening):
    sent = heard_by_the_server(desktop, listening, press_s=0.4, release_s=LENGTH_S + 0.5)
    assert whole(sent)
