"""Decoding speech while it arrives, beside pydub: run by hand, `bench_decoding.py [results.json]`.

A ten second answer, MP3 as servers send it (24 kHz, 48 kbit/s), arrives in pieces of 4096 bytes.
Compared are CPU time (that of ffmpeg, which pydub starts, included) and the wall time from the
first piece to the first samples. All ways take turns, so that whatever else the machine does hits
them alike; shown are medians, and ratios to the first line. Trust the ratios.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import io
import json
import resource
import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import soundfile

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from helpers.audio.corpus import id3, with_lameenc, with_soundfile
from helpers.audio.signals import speech_like

from voice_assistant.audio.codec.decoder import SpeechDecoder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError

try:
    import av  # PyAV: 100 MB, and no dependency; where it is installed it takes part
except ImportError:
    av = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE_HZ = 24_000
SECONDS = 10.0
PIECE_BYTES = 4096
ROUNDS = 7


class Run(NamedTuple):
    """One way, once through."""

    cpu_s: float
    first_s: float  # from the first piece to the first samples


def pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES))


def by_this_decoder(data: bytes, heard: Callable[[], None]) -> None:
    decoder = SpeechDecoder()
    for piece in pieces(data):
        if decoder.feed(piece):
            heard()
    decoder.close()


def by_pydub_per_piece(data: bytes, heard: Callable[[], None]) -> None:
    for piece in pieces(data):
        try:
            AudioSegment.from_file(io.BytesIO(piece), format="mp3")
        except CouldntDecodeError:
            continue
        heard()


def by_pydub_whole(data: bytes, heard: Callable[[], None]) -> None:
    AudioSegment.from_file(io.BytesIO(data), format="mp3")
    heard()


def by_soundfile_whole(data: bytes, heard: Callable[[], None]) -> None:
    soundfile.read(io.BytesIO(data), dtype="int16")
    heard()


def by_pyav(data: bytes, heard: Callable[[], None]) -> None:
    decoder = av.CodecContext.create("mp3", "r")
    for piece in (*pieces(data), b""):
        for packet in decoder.parse(piece):
            for frame in decoder.decode(packet):
                frame.to_ndarray()
                heard()


WAYS = {
    "this decoder, per piece": by_this_decoder,
    **({"PyAV, per piece": by_pyav} if av else {}),
    "soundfile, whole message": by_soundfile_whole,
    "pydub, whole message": by_pydub_whole,
    "pydub, per piece": by_pydub_per_piece,
}


def cpu_s() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(way: Callable[[bytes, Callable[[], None]], None], data: bytes) -> Run:
    heard_at: list[float] = []
    cpu_before, began_at = cpu_s(), time.perf_counter()
    way(data, lambda: heard_at.append(time.perf_counter()))
    return Run(cpu_s() - cpu_before, heard_at[0] - began_at)


def bytes_to_first_samples(data: bytes) -> int:
    decoder = SpeechDecoder()
    return next(at + 1 for at in range(len(data)) if decoder.feed(data[at : at + 1]))


def main() -> None:
    speech = speech_like(RATE_HZ, SECONDS)
    untagged = with_lameenc(speech, RATE_HZ, 48)
    tagged = id3() + with_soundfile(speech, RATE_HZ, "CONSTANT", 0.5)
    runs: dict[str, list[Run]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            runs[name].append(measure(way, untagged))

    cpu = {name: statistics.median(run.cpu_s for run in of) for name, of in runs.items()}
    first = {name: statistics.median(run.first_s for run in of) for name, of in runs.items()}
    base = next(iter(WAYS))
    print(f"{'':28}{'CPU, ms per s of speech':>26}{'first samples after, ms':>26}")
    for name in WAYS:
        cpu_ms, first_ms = cpu[name] / SECONDS * 1000, first[name] * 1000
        print(
            f"{name:28}{cpu_ms:14.2f} (x{cpu[name] / cpu[base]:7.1f})"
            f"{first_ms:15.2f} (x{first[name] / first[base]:7.1f})"
        )
    needed = {
        "untagged": bytes_to_first_samples(untagged),
        "tagged": bytes_to_first_samples(tagged),
    }
    print("bytes to the first samples:", needed)
    if len(sys.argv) > 1:
        result = {
            "cpu_ms_per_s": {name: s / SECONDS * 1000 for name, s in cpu.items()},
            "cpu_ratio": {name: s / cpu[base] for name, s in cpu.items()},
            "first_ms": {name: s * 1000 for name, s in first.items()},
            "first_ratio": {name: s / first[base] for name, s in first.items()},
            "bytes_to_first_samples": needed,
        }
        Path(sys.argv[1]).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
