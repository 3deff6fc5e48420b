"""Decodes speech from a byte stream, from the first frame on."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import soundfile

from voice_assistant.audio.codec.mp3 import Frame
from voice_assistant.audio.codec.mp3_file import Mp3File
from voice_assistant.audio.codec.splitter import (
    Border,
    LostFrame,
    OtherFile,
    Splitter,
    WavSamples,
)
from voice_assistant.audio.codec.whole_file import decode_whole
from voice_assistant.audio.format import mean_mix, to_pcm
from voice_assistant.errors import InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.codec import wav
    from voice_assistant.audio.codec.splitter import Part
    from voice_assistant.audio.format import Mix, Pcm

log = logging.getLogger(__name__)


class Decoded(NamedTuple):
    """The next samples of a stream."""

    pcm: Pcm
    rate_hz: int
    file: int  # which audio file of the stream they belong to, from 0


LONGEST_S = 35 * 60.0
"""The most seconds of one stream: few bytes can be hours of silence. Recordings have 30 min."""

LONGEST_WHOLE_S = 10 * 60.0
"""The most seconds of a file that is decoded at once: all its samples are in memory together."""


class SpeechDecoder:
    """Decodes several complete audio files in one stream of bytes, cut at any place.

    MP3 and WAV are decoded as they arrive. Each sample differs by at most one unit from that of the
    file decoded at once; the delay and padding of MP3 encoders are removed if the file names them.
    Other formats are collected and decoded at the end, up to `splitter.MAX_OTHER_BYTES`. Bytes that
    are not audio give no samples. A stream longer than `LONGEST_S` is cut.

    `files` counts the audio files begun so far.

    Args:
        mixing: makes, for the rate of each file, what makes its channels one.
    """

    def __init__(self, mixing: Callable[[int], Mix] = mean_mix) -> None:
        self._mixing = mixing
        self._mix: Mix = to_pcm
        self.files = 0
        self._splitter = Splitter()
        self._file: Mp3File | wav.Format | None = None
        self._unplayable: wav.Format | None = None
        self._decoded: list[Decoded] = []
        self._given_s = 0.0

    @property
    def cut_off(self) -> bool:
        """Whether the last file broke off in its middle; only known after `close`."""
        lacks = isinstance(self._file, Mp3File) and self._file.lacks_frames
        return self._splitter.cut_off or lacks

    def feed(self, data: bytes) -> list[Decoded]:
        """Take the next bytes of the stream; return the samples that became ready."""
        if self._given_s >= LONGEST_S:
            return []
        return self._decode(self._splitter.feed(data))

    def close(self) -> list[Decoded]:
        """End the stream; return the samples that waited for more bytes."""
        decoded = self._decode(self._splitter.close())
        if junk_bytes := self._splitter.junk_bytes:
            level = logging.DEBUG if self.files else logging.WARNING
            log.log(level, "%d bytes in a stream of speech were no audio", junk_bytes)
        return decoded

    def _decode(self, parts: list[Part]) -> list[Decoded]:
        for part in parts:
            if not isinstance(part, Frame):
                self._decode_frames()
            match part:
                case Border():
                    self._file = None
                case Frame():
                    self._take_frame(part)
                case LostFrame():
                    if isinstance(self._file, Mp3File):
                        self._file.lose_frame()
                case WavSamples():
                    self._decode_samples(part)
                case OtherFile():
                    self._decode_other(part)
        self._decode_frames()
        decoded, self._decoded = self._decoded, []
        return decoded

    def _take_frame(self, frame: Frame) -> None:
        if not isinstance(self._file, Mp3File) or not self._file.add(frame):
            self._decode_frames()
            self._file = Mp3File(frame)
            self._mix = self._mixing(self._file.header.rate_hz)
            self.files += 1

    def _decode_frames(self) -> None:
        if isinstance(self._file, Mp3File):
            self._give(self._file.decode(self._mix), self._file.header.rate_hz)

    def _decode_samples(self, part: WavSamples) -> None:
        if self._file is not part.format:
            self._file = part.format
            self._mix = self._mixing(part.format.rate_hz)
            self.files += 1
        if part.format.is_pcm:  # a file for libsndfile would cost ten times as much
            self._give(np.frombuffer(part.data, "<i2"), part.format.rate_hz)
            return
        try:
            file = io.BytesIO(part.format.file(part.data))
            samples, rate_hz = soundfile.read(file, dtype="float32")
        except soundfile.LibsndfileError as error:
            if self._unplayable is not part.format:  # warn once for each file, not for each piece
                log.warning("A WAV file in a stream of speech cannot be decoded: %s", error)
            self._unplayable = part.format
        else:
            self._give(self._mix(samples), rate_hz)

    def _decode_other(self, part: OtherFile) -> None:
        try:
            pcm, rate_hz = decode_whole(part.data, _("The speech"), LONGEST_WHOLE_S)
        except InputError as error:
            log.warning("%s. %s", error.title, error.hint)
        else:
            self.files += 1
            self._give(pcm, rate_hz)

    def _give(self, pcm: Pcm, rate_hz: int) -> None:
        pcm = pcm[: max(0, int((LONGEST_S - self._given_s) * rate_hz))]
        if pcm.size:
            self._given_s += pcm.size / rate_hz
            if self._given_s >= LONGEST_S:
                log.warning("a stream of speech goes on for over %.0f minutes: cut", LONGEST_S / 60)
            self._decoded.append(Decoded(pcm, rate_hz, self.files - 1))
