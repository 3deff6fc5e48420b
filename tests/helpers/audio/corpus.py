"""Audio files to decode, made by the test, and the result of decoding them whole."""

from __future__ import annotations

import functools
import io
import itertools
import shutil
import subprocess
from typing import NamedTuple

import lameenc
import numpy as np
import soundfile
from helpers.audio.signals import speech_like

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.codec.mp3 import Frame, id3_length, parse_header, parse_info
from voice_assistant.audio.format import Pcm, to_pcm

TEXT = "The meeting begins at ten, and it will rain."


class File(NamedTuple):
    """One MP3 file, and its samples."""

    name: str
    data: bytes
    pcm: Pcm
    rate_hz: int


@functools.cache
def spoken() -> tuple[Pcm, int]:
    """Return real speech, if a voice is installed."""
    for command in (["flite", "-t", TEXT, "-o", "/dev/stdout"], ["espeak-ng", "--stdout", TEXT]):
        if shutil.which(command[0]):
            wav = subprocess.run(command, capture_output=True, check=True).stdout
            samples, rate_hz = soundfile.read(io.BytesIO(wav), dtype="int16")
            return samples[:rate_hz], rate_hz
    return speech_like(22_050, 1.0, seed=9), 22_050


def decoded_whole(data: bytes) -> Pcm:
    samples, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    return to_pcm(samples)


def frames(data: bytes) -> list[Frame]:
    """Return the frames of an intact file, found by their lengths alone, without the Info frame."""
    found, at = [], id3_length(data) or 0
    while header := parse_header(data, at):
        found.append(Frame(header, data[at : at + header.length]))
        at += header.length
    return found[1:] if parse_info(found[0]) else found


def first_frame(data: bytes) -> Frame:
    """Return the first frame of an intact file, which may be the Info frame."""
    at = id3_length(data) or 0
    header = parse_header(data, at)
    return Frame(header, data[at : at + header.length])


def with_soundfile(pcm, rate_hz, mode, level) -> bytes:
    """Encode by LAME with an Info or Xing frame (LAME leaves it out if frames are too small)."""
    out = io.BytesIO()
    soundfile.write(out, pcm, rate_hz, format="MP3", bitrate_mode=mode, compression_level=level)
    return out.getvalue()


def with_lameenc(pcm, rate_hz, kbps) -> bytes:
    """Encode by LAME without an Info frame."""
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_channels(1 if pcm.ndim == 1 else 2)
    lame.set_in_sample_rate(rate_hz)
    lame.set_out_sample_rate(rate_hz)
    lame.set_bit_rate(kbps)
    return bytes(lame.encode(pcm.tobytes()) + lame.flush())


def id3(size: int = 35, *, version: int = 4, flags: int = 0) -> bytes:
    """Return a tag for the begin of a file; its contents look like frames on purpose."""
    body = (b"TSSE\xff\xfb\x90\x64 TAG ID3 RIFF" * 99)[:size].ljust(size, b"\0")
    syncsafe = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    footer = b"3DI" + bytes([version, 0, flags]) + syncsafe if flags & 0x10 else b""
    return b"ID3" + bytes([version, 0, flags]) + syncsafe + body + footer


def id3v1() -> bytes:
    return b"TAG".ljust(128, b"\xff")


def without_info(data: bytes) -> bytes:
    return b"".join(frame.data for frame in frames(data))


@functools.cache
def mp3_files() -> tuple[File, ...]:
    made = []

    def add(name, data, rate_hz, tag=b"", end=b""):
        made.append(File(name, tag + data + end, decoded_whole(data), rate_hz))

    voice, voice_hz = spoken()
    add("voice-tagged", with_soundfile(voice, voice_hz, "VARIABLE", 0.5), voice_hz)
    add("voice-untagged", with_lameenc(voice, voice_hz, 32), voice_hz, id3())
    for seed, rate_hz in enumerate((8_000, 16_000, 22_050, 24_000, 44_100, 48_000)):
        mono = speech_like(rate_hz, 0.45, seed)
        stereo = np.stack([mono, speech_like(rate_hz, 0.45, seed + 50)], axis=1)
        khz = rate_hz // 1000
        add(f"cbr-{khz}", with_lameenc(mono, rate_hz, 48), rate_hz)
        add(f"cbr-id3-{khz}", with_lameenc(mono, rate_hz, 32), rate_hz, id3(300), id3v1())
        add(f"cbr-info-{khz}", with_soundfile(mono, rate_hz, "CONSTANT", 0.5), rate_hz)
        add(f"vbr-xing-{khz}", with_soundfile(mono, rate_hz, "VARIABLE", 0.9), rate_hz, id3(9))
        add(f"abr-stereo-{khz}", with_soundfile(stereo, rate_hz, "AVERAGE", 0.3), rate_hz)
        add(f"cbr-stereo-{khz}", with_lameenc(stereo, rate_hz, 64), rate_hz, id3(0))
    # The smallest frames there are: 24 bytes, 3 of them sound, so that 85 share one reservoir.
    tiny = np.stack([speech_like(24_000, 0.5, 7)] * 2, axis=1)
    add("cbr-tiny", with_lameenc(tiny, 24_000, 8), 24_000)
    return tuple(made)


def mp3_file(name: str) -> File:
    return next(file for file in mp3_files() if file.name == name)


def untagged(rate_khz: int) -> File:
    return mp3_file(f"cbr-{rate_khz}")


def every(size: int, data: bytes) -> range:
    """Return the places at which `data` is cut into pieces of a size; for `stream`."""
    return range(size, len(data), size)


def stream(data, cuts=()):
    """Return the decoded sound of a stream that is cut at these places, and the decoder."""
    decoder = SpeechDecoder()
    places = [0, *sorted(cuts), len(data)]
    got = []
    for begin, end in itertools.pairwise(places):
        got += decoder.feed(data[begin:end])
    return got + decoder.close(), decoder


def joined(got) -> Pcm:
    return np.concatenate([np.empty(0, np.int16), *(part.pcm for part in got)])


def same(pcm, expected) -> bool:
    """Return whether the samples are equal within one unit."""
    return len(pcm) == len(expected) and (
        not len(pcm) or np.abs(pcm.astype(int) - expected).max() <= 1
    )


def by_ffmpeg(pcm, kind, *options) -> bytes:
    """Encode 16 kHz samples in any format that ffmpeg writes."""
    wav = io.BytesIO()
    soundfile.write(wav, pcm, 16_000, format="WAV")
    command = ["ffmpeg", "-loglevel", "error", "-f", "wav", "-i", "-", *options, "-f", kind]
    if kind in ("ipod", "mp4"):  # needs to seek: fragment it instead
        command += ["-movflags", "frag_keyframe+empty_moov"]
    made = subprocess.run([*command, "-"], input=wav.getvalue(), capture_output=True, check=True)
    return made.stdout


def sounds_like(pcm, expected) -> bool:
    """Return whether the loudest frequencies are equal, and about as loud."""
    length = min(len(pcm), len(expected))
    middle = slice(length // 4, -length // 4)
    spectrum, wanted = (np.abs(np.fft.rfft(x[:length][middle])) for x in (pcm, expected))
    return np.argmax(spectrum) == np.argmax(wanted) and 0.8 < spectrum.max() / wanted.max() < 1.25
