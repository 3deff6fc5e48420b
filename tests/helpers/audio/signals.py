"""Sounds to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm


def sine(rate_hz: int, duration_s: float, frequency_hz: float = 440.0, amplitude=0.3) -> Pcm:
    times = np.arange(round(duration_s * rate_hz)) / rate_hz
    return np.rint(amplitude * 32767 * np.sin(2 * np.pi * frequency_hz * times)).astype(np.int16)


def speech_like(rate_hz: int, duration_s: float, seed: int = 0) -> Pcm:
    """Return a gliding, breathing voice: harmonics with formants, syllables, pauses and hiss."""
    random = np.random.default_rng(seed)
    times = np.arange(round(duration_s * rate_hz)) / rate_hz
    pitch_hz = 120 + 30 * np.sin(2 * np.pi * 0.7 * times + seed)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    wave = sum(np.sin(n * phase) / n**1.2 for n in range(1, int(rate_hz / 2 / 150)))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * times + seed), 0, 1) ** 0.5
    hiss = random.normal(0, 0.15, len(times)) * np.clip(np.sin(2 * np.pi * 2.3 * times), 0, 1)
    wave = 0.25 * wave * syllables + hiss
    return np.clip(np.rint(wave * 12000), -32768, 32767).astype(np.int16)


def blocks(pcm: Pcm, samples: int) -> list[Pcm]:
    return [pcm[start : start + samples] for start in range(0, len(pcm), samples)]
