"""Questions to speak, and recognising a sound in what was heard.

All sounds are 16 kHz, mono, int16.
"""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from bench.program import find_program

RATE_HZ = 16000
Pcm = npt.NDArray[np.int16]
MIDDLE_S = 0.4
AUDIBLE = 300  # of 32768


def flite(text: str, voice: str = "slt") -> Path:
    """A WAV file in which a voice says `text`; made once, kept for later runs.

    Args:
        text: What to say.
        voice: `slt`, `awb`, `rms`, `kal16` (16 kHz) or `kal` (8 kHz).
    """
    folder = Path(tempfile.gettempdir()) / f"voice-assistant-questions-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    wav = folder / f"{hashlib.sha256(f'{voice} {text}'.encode()).hexdigest()[:20]}.wav"
    if not wav.exists():
        # Several test processes may want the same question at once: each writes its own, the
        # finished file appears in one step.
        own = wav.with_suffix(f".{os.getpid()}")
        argv = [find_program("flite"), "-voice", voice, "-t", text, "-o", str(own)]
        subprocess.run(argv, check=True, capture_output=True)
        own.rename(wav)
    return wav


def load(wav: Path) -> Pcm:
    """The sound in a file."""
    pcm, rate_hz = soundfile.read(wav, dtype="int16", always_2d=True)
    mono: Pcm = pcm[:, 0]
    if rate_hz != RATE_HZ:
        mono = soxr.resample(mono, rate_hz, RATE_HZ)
    return mono


def similarity(captured: Pcm, played: Pcm, piece_s: float = 0.5) -> list[float]:
    """How well each piece of `played` is found anywhere in `captured`: 1 exactly, 0 not at all.

    Piece by piece, as one block that slipped would ruin the correlation of the whole. Pieces that
    are nearly silent are left out, and the silence at the begin, in which another sound may end.
    """
    loud = np.flatnonzero(np.abs(played.astype(np.int32)) > AUDIBLE)
    played = played[loud[0] :] if len(loud) else played
    size = int(piece_s * RATE_HZ)
    pieces = [played[at : at + size] for at in range(0, len(played) - size + 1, size)] or [played]
    loudest = max(_level(piece) for piece in pieces)
    wanted = [piece for piece in pieces if _level(piece) > 0.1 * loudest]
    return _best_matches(captured, wanted) if wanted else []


def contains(
    captured: Pcm, played: Pcm, *, at_least: float = 0.8, share: float = 0.8, piece_s: float = 0.5
) -> bool:
    """Whether `played` was heard: at least `share` of its pieces match `at_least` that well."""
    found = similarity(captured, played, piece_s)
    return bool(found) and sum(match >= at_least for match in found) >= share * len(found)


def coded(text: str) -> Pcm:
    """A sound that no other text has: noise of speech's own pitch, at 16 kHz."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    seconds = min(2.0, max(0.8, 0.03 * len(text)))
    noise = np.random.default_rng(seed).standard_normal(int(seconds * 4000))
    loud = soxr.resample(noise, 4000, RATE_HZ) * 6000
    loud[-RATE_HZ // 10 :] *= np.linspace(1.0, 0.0, RATE_HZ // 10)  # a voice dies away at its end
    pcm: Pcm = loud.clip(-30_000, 30_000).astype(np.int16)
    return pcm


def places(captured: Pcm, sound: Pcm) -> int:
    """How often the middle of `sound` is found in `captured`."""
    size = int(MIDDLE_S * RATE_HZ)
    begin = max(0, (len(sound) - size) // 2)
    piece = sound[begin : begin + size].astype(float)
    heard = captured.astype(float)
    length = 1 << (len(heard) + size).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(piece, length)))
    products = products[: len(heard) - size + 1]
    sums = np.concatenate(([0.0], np.cumsum(heard**2)))
    energy = np.maximum(sums[size:] - sums[:-size], 1e-3 * np.sum(piece**2))
    found = np.flatnonzero(products / np.sqrt(energy * np.sum(piece**2)) > 0.8)
    return int(np.count_nonzero(np.diff(found, prepend=-RATE_HZ) > RATE_HZ // 5))


def _level(pcm: Pcm) -> float:
    return float(np.sqrt(np.mean(np.square(pcm, dtype=np.float64)))) if len(pcm) else 0.0


def _best_matches(captured: Pcm, pieces: list[Pcm]) -> list[float]:
    """The highest normalised cross-correlation of each piece over all places, by FFT.

    A recording lies in silence: some of the piece's own may be before its begin or after its end.
    All pieces have the same length.
    """
    n = len(pieces[0])
    heard = np.pad(captured.astype(np.float64), n)
    places = len(heard) - n + 1
    size = _quick_size(len(heard))
    spectrum = np.fft.rfft(heard.astype(np.float32), size)
    sums = np.concatenate([[0.0], np.cumsum(np.square(heard))])
    energy = sums[n:] - sums[:-n]
    # One part in a thousand of the loudest place counts as silence: no match by noise.
    norm = np.sqrt(np.maximum(energy, 1e-3 * float(energy.max()) + 1.0))
    found = []
    for piece in pieces:
        said = piece.astype(np.float32)
        products = np.fft.irfft(spectrum * np.conj(np.fft.rfft(said, size)), size)[:places]
        found.append(float(np.max(np.abs(products) / norm)) / math.sqrt(np.sum(said**2)))
    return found


def _quick_size(least: int) -> int:
    """The next size whose FFT is quick: a power of two, or five eighths or three quarters of it."""
    power = 1 << (least - 1).bit_length()
    return next(size for size in (power * 5 // 8, power * 3 // 4, power) if size >= least)
