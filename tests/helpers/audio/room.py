"""A simulated room: what a microphone hears of a loudspeaker that plays beside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm, to_pcm

Samples = npt.NDArray[np.float64]

REVERBERATION_S = 0.35
REVERBERANT = 0.35
"""The strength of all reflections together, of the direct sound's."""
NOISE = 3e-4
"""The room's own noise, RMS: -70 dBFS."""


def echo_of(pcm: Pcm, *, delay_s: float, drift_ppm: float = 0.0, seed: int = 1) -> Samples:
    """Return what arrives at the microphone, as long as `pcm`.

    Args:
        pcm: what the loudspeaker plays, 16 kHz.
        delay_s: how late its sound arrives.
        drift_ppm: how much faster the loudspeaker's clock runs, in millionths.
        seed: of the room's reflections.
    """
    played = np.tanh(1.4 * pcm / 32768.0) / 1.4  # a small loudspeaker saturates
    if drift_ppm:
        faster = soxr.resample(played, SPEECH_RATE_HZ * (1.0 + drift_ppm * 1e-6), SPEECH_RATE_HZ)
        played = np.resize(faster, len(played))  # the echo's last samples are never looked at
    random = np.random.default_rng(seed)
    length = round(REVERBERATION_S * SPEECH_RATE_HZ)
    fall = np.exp(-6.9 * np.arange(length) / length)
    response = random.normal(size=length) * fall
    response *= REVERBERANT / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    size = 1 << (len(played) + length).bit_length()
    heard = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(response, size), size)
    late = round(delay_s * SPEECH_RATE_HZ)
    return np.concatenate([np.zeros(late), heard])[: len(pcm)] * 0.3


def microphone_of(echo: Samples, user: Samples, seed: int = 2) -> Pcm:
    """Return the microphone's samples: echo, user and noise."""
    noise = np.random.default_rng(seed).normal(0.0, NOISE, len(echo))
    return to_pcm(echo + user + noise)


def at_level(user: Pcm, begin: int, echo: Samples, against_echo_db: float) -> Samples:
    """Return the user's speech, beginning at the sample `begin`, at a level against the echo.

    Both levels are those of the loud parts: a user does not whisper in a pause of the answer.
    """
    speech = user / 32768.0
    wanted = _loud_power(echo) * 10 ** (against_echo_db / 10)
    placed = np.zeros(len(echo))
    placed[begin : begin + len(speech)] = speech * np.sqrt(wanted / _loud_power(speech))
    return placed


def _loud_power(sound: Samples) -> float:
    loud = np.abs(sound) > 0.02 * np.abs(sound).max()
    return float(np.mean(sound[loud] ** 2))
