"""Recordings on the disk, for tests of the code that keeps them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from fakes import utter
from helpers.audio.wav_files import write_wav

from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.hearing.archive import Archive


SAID = utter("a question of some length")


def put(archive: Archive, *, days_ago: float = 0.0, answered: bool = False, pcm=SAID) -> Path:
    """Keep a recording that was made some time ago."""
    began = dt.datetime.now().astimezone() - dt.timedelta(days=days_ago)
    file = archive.new_file().with_name(f"{began:%Y-%m-%d_%H-%M-%S.%f}.wav")
    write_wav(file, pcm, SPEECH_RATE_HZ)
    if answered:
        file = file.rename(file.with_name(f"{file.stem}.answered.wav"))
    return file


KILLED = """
import sys, time
import numpy as np
from pathlib import Path
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
with Recordings(Archive(Path(sys.argv[1])), "mp3").new() as recording:
    for block in np.split(np.load(sys.argv[2]), 10):
        recording.write(block)
    print("recorded", flush=True)
    time.sleep(60)
"""


@contextmanager
def recording_elsewhere(tmp_path):
    """Yield the folder of another process that has recorded speech, goes on, and is killed."""
    np.save(tmp_path / "said.npy", SAID)
    folder = tmp_path / "recordings"
    arguments = [sys.executable, "-c", KILLED, str(folder), str(tmp_path / "said.npy")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"recorded\n"
            yield folder
        finally:
            process.kill()
