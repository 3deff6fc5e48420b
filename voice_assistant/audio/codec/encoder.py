"""Encodes speech while it is spoken: for uploads, and for the embedded voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import lameenc

from voice_assistant.audio.codec.wav import header

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

MP3_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""The rates that MPEG-1, 2 and 2.5 know."""

UploadFormat = Literal["mp3", "wav"]
"""The format of sent recordings: "mp3" is an eighth of the size, "wav" is exact."""

_LAME_QUALITY = 5  # 2 is best and 7 fastest; this costs 1.3 ms of CPU for a second of speech


class Mp3Encoder:
    """Encodes PCM into one MP3 file, piece by piece.

    LAME holds back up to 90 ms of the samples until more come or the file is finished. The file has
    no Info tag, so a player plays LAME's delay of about 70 ms before the first sample.

    Args:
        rate_hz: the rate of the samples and of the file; one of `MP3_RATES_HZ`.
        bitrate_kbps: constant. 32 is enough for recognisers of 16 kHz speech (4 kB a second).

    Raises:
        ValueError: MP3 does not know this rate.
    """

    def __init__(self, rate_hz: int, *, bitrate_kbps: int = 32) -> None:
        if rate_hz not in MP3_RATES_HZ:
            raise ValueError(f"MP3 has no rate of {rate_hz} Hz")
        lame = lameenc.Encoder()
        lame.silence()  # else the library writes to the program's stdout
        lame.set_channels(1)
        lame.set_bit_rate(bitrate_kbps)
        lame.set_in_sample_rate(rate_hz)
        lame.set_out_sample_rate(rate_hz)  # else it lowers the rate where the bits are few
        lame.set_quality(_LAME_QUALITY)
        lame.encode(b"")  # an encoder that never encoded cannot be flushed
        self._lame = lame

    def feed(self, pcm: Pcm) -> bytes:
        """Take the next samples; return the bytes that became ready: often none."""
        return bytes(self._lame.encode(pcm.tobytes()))

    def finish(self) -> bytes:
        """Return the last bytes of the file. Call this once: LAME encodes nothing afterwards."""
        return bytes(self._lame.flush())


class WavEncoder:
    """Encodes PCM into a WAV file whose length is not known at its beginning.

    The header's sizes are 0xFFFFFFFF, which every reader tried takes as "until the end" (0, which
    others write, is read as an empty file).

    Args:
        rate_hz: the rate of the samples and of the file.
    """

    def __init__(self, rate_hz: int) -> None:
        self._header = header(rate_hz)

    def feed(self, pcm: Pcm) -> bytes:
        """Take the next samples; return their bytes, with the header at the first call."""
        return self._take_header() + pcm.astype("<i2", copy=False).tobytes()

    def finish(self) -> bytes:
        """Return the last bytes: the header if no samples were fed, else nothing."""
        return self._take_header()

    def _take_header(self) -> bytes:
        taken, self._header = self._header, b""
        return taken
