"""A speaker that writes a file, and a microphone that reads one."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from voice_assistant.audio.codec.files import WavWriter, read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.playback import ToRate
from voice_assistant.errors import InputError, SpeakerError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Playback, Speaker

BLOCK_SAMPLES = SPEECH_RATE_HZ // 50

log = logging.getLogger(__name__)


class WavSpeaker:
    """Writes all speech that is heard into one WAV file that only its owner can read.

    Satisfies `ports.Speaker`. The file is made with the first samples, has their rate, and is
    complete after `close`. The file holds the sound that was heard, in that order: sound that is
    aborted ends at that place, so a pause leaves no trace; skipped sound is missing, and repeated
    sound comes twice.

    Args:
        file: the file to write; its old content is lost.
        speaker: also plays the sound. Without a speaker, or if it has no device, nothing waits for
            sound, and all written samples count as heard.
    """

    def __init__(self, file: Path, speaker: Speaker | None = None) -> None:
        self._file = file
        self._speaker = speaker
        self._writer: WavWriter | None = None
        self._to_rate = ToRate(SPEECH_RATE_HZ)
        self._heard: list[tuple[Pcm, int]] = []  # not yet written

    def play(self, *, prompt: bool = False) -> WavPlayback:
        """Begin a new playback, in the file behind the sound that was heard before."""
        return WavPlayback(self, self._speaker, prompt=prompt)

    def hear(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples that were heard; `write` writes them."""
        self._heard.append((pcm, rate_hz))

    def write(self, rate_hz: int) -> None:
        """Append the sound that was heard to the file.

        Args:
            rate_hz: the rate of the file, if this call makes the file.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            if self._writer is None:
                self._writer = WavWriter(self._file, rate_hz)
                self._to_rate = ToRate(rate_hz)
            self._write_heard(self._writer)
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Complete the file.

        Raises:
            InputError: the file cannot be written.
        """
        if self._writer is None:
            return
        try:
            with self._writer as writer:
                self._write_heard(writer)
                writer.write(self._to_rate.finish())
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            self._writer = None

    def _write_heard(self, writer: WavWriter) -> None:
        while self._heard:
            writer.write(self._to_rate.feed(*self._heard.pop(0)))

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(
            _("{file} cannot be written: {strerror}", file=self._file, strerror=error.strerror),
            _("Name another file."),
        )


class WavPlayback:
    """One playback that is written, and played if that is possible. See `WavSpeaker`."""

    def __init__(self, wav: WavSpeaker, speaker: Speaker | None, *, prompt: bool) -> None:
        self._wav = wav
        self._rate_hz = SPEECH_RATE_HZ
        self._unheard: deque[tuple[Pcm, int]] = deque()
        self._passed_s = 0.0  # seconds of written sound that were handed over
        self._ended = False
        self._inner: Playback | None = None
        if speaker is not None:
            with self._or_only_written():
                self._inner = speaker.play(prompt=prompt)

    @property
    def played_s(self) -> float:
        """Return the seconds that were played so far; without a speaker, the seconds written."""
        return self._inner.played_s if self._inner else self._passed_s

    @property
    def silenced(self) -> bool:
        """Return whether the speaker plays another sound instead."""
        return self._inner is not None and self._inner.silenced

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples.

        Raises:
            InputError: the file cannot be written.
        """
        if self._ended:
            return
        self._unheard.append((pcm, rate_hz))
        self._rate_hz = rate_hz
        self._wav.write(rate_hz)  # before any sound: an unwritable file is an error at once
        if self._inner is not None:
            with self._or_only_written():
                await self._inner.write(pcm, rate_hz)
        if not self._ended:
            self._pass(whole=self._inner is None)
            self._wav.write(rate_hz)

    async def flush(self) -> None:
        """Play all written samples, without waiting for more."""
        if self._inner is not None:
            with self._or_only_written():
                await self._inner.flush()

    async def finish(self) -> float:
        """Wait until all samples were played; return the seconds played.

        Raises:
            InputError: the file cannot be written.
        """
        if self._inner is not None:
            with self._or_only_written():
                await self._inner.finish()
        if self.silenced:
            return self.abort()
        if not self._ended and self._unheard:
            self._pass(whole=True)
            self._wav.write(self._rate_hz)
        self._ended = True
        return self.played_s

    def abort(self) -> float:
        """Stop the sound; return the seconds played. The file holds no more than these."""
        if self._inner is not None:
            self._inner.abort()
        if not self._ended:
            self._ended = True
            self._pass(whole=False)
            if self._unheard:
                pcm, rate_hz = self._unheard[0]
                self._wav.hear(pcm[: round((self.played_s - self._passed_s) * rate_hz)], rate_hz)
        return self.played_s

    def _pass(self, *, whole: bool) -> None:
        """Hand over the sound that was heard: all (`whole`), or what the speaker has played."""
        while self._unheard:
            pcm, rate_hz = self._unheard[0]
            seconds = len(pcm) / rate_hz
            if not whole and self._passed_s + seconds > self.played_s:
                return
            self._wav.hear(pcm, rate_hz)
            self._passed_s += seconds
            self._unheard.popleft()

    @contextmanager
    def _or_only_written(self) -> Iterator[None]:
        """Go on without the speaker if it is lost."""
        try:
            yield
        except SpeakerError as error:
            log.warning("%s: what is spoken goes to the file alone", error)
            self._inner = None


class FileMicrophone:
    """Delivers the speech of a file, then ends by itself. Satisfies `ports.Microphone`.

    Args:
        speech: an audio file of any format, or samples at 16 kHz.
        pace: whether to deliver the speech as slowly as it was spoken.

    Raises:
        InputError: the file cannot be read, or is not audio.
    """

    def __init__(self, speech: Path | Pcm, *, pace: bool) -> None:
        self._pcm = read_speech(speech) if isinstance(speech, Path) else speech
        self._pace = pace

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[FileCapture]:
        """Deliver the speech from its beginning."""
        yield FileCapture(self._pcm, pace=self._pace)


class FileCapture:
    """Delivers speech in blocks of 20 ms. Satisfies `ports.Capture`.

    Attributes:
        silent: whether all samples so far were zeros.
    """

    def __init__(self, pcm: Pcm, *, pace: bool) -> None:
        self.silent = True
        self._pcm = pcm
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._began_at = self._loop.time()
        self._at = 0
        self._end = len(pcm)

    def __aiter__(self) -> Self:
        """Return this object: there is one sequence of blocks, which does not begin again."""
        return self

    async def __anext__(self) -> Pcm:
        """Return the next block at 16 kHz."""
        block = self._pcm[self._at : min(self._at + BLOCK_SAMPLES, self._end)]
        if not block.size:
            raise StopAsyncIteration
        self._at += len(block)
        self.silent = self.silent and not np.any(block)
        due_at = self._began_at + self._at / SPEECH_RATE_HZ
        await asyncio.sleep(max(0.0, due_at - self._loop.time()) if self._pace else 0.0)
        return block

    def stop(self) -> None:
        """End after the block that was delivered last."""
        self._end = self._at
