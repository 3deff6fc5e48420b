"""Removes the assistant's own sounds from the microphone's samples.

The loudspeaker plays the start sound while the microphone is already open, because no word may be
lost; and with a pre-roll the samples may contain the end sound of the question before. The delay,
loudness and colouring of a sound by the room are not known; but each sound is made of a few known
pure tones. So the module searches for these tones, with any strength and phase, and subtracts them;
a voice that speaks meanwhile stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.audio.format import Pcm, to_pcm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Tones = Sequence[tuple[float, float, float]]
    Samples = npt.NDArray[np.float64]
    Wave = npt.NDArray[np.complex128]

MOST_ECHOES = 8
"""The sound itself, and the echoes that the room adds."""
LEAST_SHARE = 0.15
"""A tone that explains a smaller share of the samples is taken for a voice, and stays."""

CLEAR_SHARE = 0.5
"""A sound that explains so much of the samples is that sound, and not a voice that is like it."""
LOOK_S = 0.1
"""Seconds after which a sound is looked for again."""
ROOM_S = 0.15
"""Seconds in which the room goes on with a sound."""

BAND_HZ = 120.0
"""The width removed on either side of a tone: a tone is that wide where it begins and ends. Of 288
start sounds, in simulated rooms, 141 were taken for a voice; with 100 Hz 13, with 120 Hz 1."""
TAPS = 481
"""The length of the filter: longer filters ring, and hide short words."""


class Echo:
    """Removes the echo from speech; the first samples are held back for a while.

    Args:
        sounds: the tones of each sound: the begin, the length, and the frequency in Hz of each.
        rate_hz: the rate of the speech.
        within_s: the time in which the sounds must have ended.
        until_heard: hold samples back only until one of the sounds was clearly heard.
    """

    def __init__(
        self,
        sounds: Sequence[Tones],
        rate_hz: int,
        within_s: float,
        *,
        until_heard: bool = False,
    ) -> None:
        self._sounds = [[_tone(*tone, rate_hz) for tone in tones] for tones in sounds]
        self._held: Pcm = np.empty(0, np.int16)
        self._longest = round(within_s * rate_hz)
        self._look = round(LOOK_S * rate_hz) if until_heard else self._longest
        self._room = round(ROOM_S * rate_hz)
        self._over = not self._longest

    def feed(self, pcm: Pcm) -> Pcm:
        """Take the next samples; return the samples that are ready."""
        while not self._over and len(pcm):
            missing = self._look - len(self._held) % self._look
            self._held = np.concatenate([self._held, pcm[:missing]])
            pcm = pcm[missing:]
            whole = len(self._held) % self._look == 0
            if len(self._held) >= self._longest or (whole and self._heard()):
                return np.concatenate([self.finish(), pcm])
        return pcm

    def finish(self) -> Pcm:
        """Return the samples that are still held back."""
        self._over = True
        held, self._held = self._held, np.empty(0, np.int16)
        heard = held / 32768.0
        for waves in self._sounds:
            _remove(waves, heard)
        return to_pcm(heard)

    def _heard(self) -> bool:
        """Return whether a sound is over, and the room's answer to it."""
        heard = self._held / 32768.0
        found = (_find(waves, heard) for waves in self._sounds)
        enough = len(heard) - self._room
        return any(one and one.share >= CLEAR_SHARE and one.end <= enough for one in found)


class _Found(NamedTuple):
    """Where a sound was found: the first sample, the one behind, the share that it explains."""

    at: int
    end: int
    share: float
    fits: list[Wave]


def _find(waves: list[tuple[int, Wave]], heard: Samples) -> _Found | None:
    """Return the place where the tones of a sound explain most; None where there is none."""
    length = max(begin + len(wave) for begin, wave in waves)
    if len(heard) <= length or not heard.any():
        return None
    fits = [_fit(heard, begin, wave, length) for begin, wave in waves]
    explained = np.sum([np.abs(fit) ** 2 for fit in fits], axis=0) / 2.0
    at = int(np.argmax(explained))
    energy = float(np.sum(heard[at : at + length] ** 2))
    return _Found(at, at + length, float(explained[at]) / energy if energy else 0.0, fits)


def _remove(waves: list[tuple[int, Wave]], heard: Samples) -> None:
    for _ in range(MOST_ECHOES):
        found = _find(waves, heard)
        if found is None or found.share < LEAST_SHARE:
            break
        for fit, (begin, wave) in zip(found.fits, waves, strict=True):
            where = slice(found.at + begin, found.at + begin + len(wave))
            heard[where] -= np.real(fit[found.at] * wave)


class BandStop:
    """Removes an echo from speech, 15 ms late; the result is only good for detecting speech.

    The rest of a sound that `Echo` leaves is still taken for a voice, and `Echo` is late. This
    class removes all frequencies of the sounds, also from a voice; the voice has others.

    Args:
        sounds: the tones of each sound, as for `Echo`.
        rate_hz: the rate of the speech.
        within_s: the time in which the sounds must have ended.
    """

    def __init__(self, sounds: Sequence[Tones], rate_hz: int, within_s: float) -> None:
        self._taps = _band_stop({tone[-1] for tones in sounds for tone in tones}, rate_hz)
        self._past: Samples = np.zeros(TAPS - 1)
        self._left = round(within_s * rate_hz)

    def feed(self, pcm: Pcm) -> Pcm:
        """Take the next samples; return as many filtered samples."""
        sound = np.concatenate([self._past, pcm / 32768.0])
        self._past = sound[len(pcm) :]
        if self._left > 0 and len(pcm):
            self._left -= len(pcm)
            return to_pcm(np.convolve(sound, self._taps, "valid"))
        return to_pcm(sound[TAPS // 2 :][: len(pcm)])


def _band_stop(frequencies_hz: Iterable[float], rate_hz: int) -> Samples:
    """Return a filter of linear phase that removes the bands around these frequencies."""
    points_hz = np.fft.rfftfreq(8 * (TAPS - 1), 1.0 / rate_hz)
    wanted = np.ones(len(points_hz))
    for frequency_hz in frequencies_hz:
        wanted[np.abs(points_hz - frequency_hz) < BAND_HZ] = 0.0
    taps: Samples = np.roll(np.fft.irfft(wanted), TAPS // 2)[:TAPS] * np.hanning(TAPS)
    return taps


def _tone(begin_s: float, seconds: float, frequency_hz: float, rate_hz: int) -> tuple[int, Wave]:
    """Return where a tone begins, and the tone in both phases, with soft ends and unit energy."""
    length = round(seconds * rate_hz)
    edges = np.hanning(length) ** 0.25
    wave = edges * np.exp(2j * np.pi * frequency_hz * np.arange(length) / rate_hz)
    return round(begin_s * rate_hz), wave / np.sqrt(np.sum(edges**2))


def _fit(heard: Samples, begin: int, wave: Wave, length: int) -> Wave:
    """Return the strength and phase of a tone, for every place of the complete sound."""
    places = len(heard) - length
    size = 1 << (len(heard) + len(wave)).bit_length()
    spectrum = np.fft.fft(heard, size) * np.conj(np.fft.fft(wave, size))
    return 2.0 * np.fft.ifft(spectrum)[begin : begin + places]
