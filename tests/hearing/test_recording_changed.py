"""Another program changes the file of a recording while it grows: what was said is kept whole."""

from __future__ import annotations

import os

import numpy as np
import pytest

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.settings.sections.records import RecordingSettings

SAID = (np.sin(np.arange(6 * SPEECH_RATE_HZ) / 20) * 9000).astype(np.int16)


def longer(file):
    with file.open("ab") as opened:
        opened.write(b"\0" * 4000)


CHANGES = {
    "cut to nothing": lambda file: os.truncate(file, 0),
    "cut": lambda file: os.truncate(file, 3000),
    "made longer": longer,
    "deleted": lambda file: file.unlink(),
    "moved away": lambda file: file.rename(file.with_name("mine.wav")),
    "replaced": lambda file: (file.unlink(), file.write_bytes(b"something else")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("at", [1, 3, 6])
def test_it_is_written_again_from_memory(tmp_path, change, at):
    recordings = Recordings(Archive(tmp_path / "recordings", RecordingSettings()), "wav")
    with recordings.new() as recording:
        for number, block in enumerate(np.split(SAID, 6), start=1):
            recording.write(block)
            if number == at:
                (file,) = (tmp_path / "recordings").glob("*.wav")
                change(file)
        recording.finish()
    kept = read_speech(tmp_path / "recordings" / f"{recording.name}.wav")
    assert np.array_equal(kept, SAID)
