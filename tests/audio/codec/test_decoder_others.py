from __future__ import annotations

import io
import json
import logging
import shutil

import numpy as np
import pytest
import soundfile
from helpers.audio.corpus import by_ffmpeg, joined, mp3_file, same, sounds_like, stream
from helpers.audio.signals import sine

from voice_assistant.audio.codec import splitter
from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.resampler import Resampler

TONE = sine(16_000, 0.5)


def resampled(pcm, rate_hz):
    resampler = Resampler(rate_hz, 16_000)
    return np.concatenate([resampler.feed(pcm), resampler.finish()])


def coded(kind, subtype=None):
    out = io.BytesIO()
    soundfile.write(out, TONE, 16_000, format=kind, subtype=subtype)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("FLAC", "PCM_16"), ("AIFF", None)]
)
@pytest.mark.parametrize("size", [1, 4096])
def test_other_formats_are_heard_at_the_end_of_the_stream(kind, subtype, size, caplog):
    data = coded(kind, subtype)

    got, decoder = stream(data, range(size, len(data), size))

    assert sounds_like(joined(got), TONE)
    assert decoder.files == 1
    assert not caplog.records


@pytest.mark.parametrize(
    ("kind", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("FLAC", "PCM_16")]
)
def test_several_whole_files_are_all_heard(kind, subtype):
    got, decoder = stream(coded(kind, subtype) * 3)

    assert decoder.files == 3
    for index, part in enumerate(got):
        assert part.file == index
        assert sounds_like(part.pcm, TONE)


def test_a_file_that_claims_to_last_for_weeks_is_as_long_as_it_is():
    data = bytearray(coded("FLAC", "PCM_16"))
    data[21] |= 0x0F  # the number of samples: 36 bits
    data[22:26] = b"\xff\xff\xff\xff"

    got, _ = stream(bytes(data))

    assert np.array_equal(joined(got), TONE)


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffmpeg is not installed")
@pytest.mark.parametrize(("kind", "codec"), [("ipod", "aac"), ("webm", "libopus"), ("adts", "aac")])
def test_ffmpeg_helps_where_it_is_installed(kind, codec):
    got, _ = stream(by_ffmpeg(TONE, kind, "-c:a", codec))

    (whole,) = got
    assert whole.file == 0
    assert sounds_like(resampled(whole.pcm, whole.rate_hz), TONE)


def test_without_ffmpeg_the_log_tells_what_is_missing(monkeypatch, caplog):
    monkeypatch.setenv("PATH", "")

    got, decoder = stream(b"\x1a\x45\xdf\xa3" + bytes(500))

    assert got == []
    assert decoder.files == 0
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        "The speech cannot be read without ffmpeg. "
        "Install ffmpeg, or save it as WAV, MP3, FLAC or OGG."
    )


def test_the_bytes_kept_of_a_whole_file_are_bounded():
    decoder = SpeechDecoder()
    decoder.feed(b"OggS")

    for _ in range(splitter.MAX_OTHER_BYTES // 2**20 + 5):
        decoder.feed(bytes(2**20))

    assert len(decoder._splitter._other) == splitter.MAX_OTHER_BYTES


@pytest.mark.parametrize(
    "answer",
    [
        b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>" * 20,
        json.dumps({"code": "internal_error", "message": "I RIFF ID3 TAG", "status": 500}).encode(),
        b"null",
        "Ärger mit ÿ und þ".encode("latin-1") * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"ID3 is a tag, RIFF a container",
        b"TAG",
        b"\xff",
    ],
    ids=lambda answer: repr(answer[:6]),
)
@pytest.mark.parametrize("size", [1, 7, 10**9])
def test_bytes_without_audio_give_no_sample_and_a_warning(answer, size, caplog):
    got, decoder = stream(answer, range(size, len(answer), size))

    assert got == []
    assert decoder.files == 0
    assert [record.levelname for record in caplog.records] == (
        ["WARNING"] if answer != b"TAG" else []
    )


def test_nothing_gives_nothing(caplog):
    assert stream(b"")[0] == []
    assert not caplog.records


def test_junk_beside_speech_is_worth_no_warning(caplog):
    caplog.set_level(logging.INFO)

    stream(mp3_file("cbr-16").data + bytes(300))

    assert not caplog.records


def test_another_format_behind_mp3_does_not_swallow_the_stream():
    file = mp3_file("cbr-16")

    got, _ = stream(file.data + b"OggS" + bytes(50) + file.data)

    assert same(joined(got)[: len(file.pcm)], file.pcm)
    assert len(joined(got)) == 2 * len(file.pcm)
