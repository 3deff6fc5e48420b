from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
from helpers.audio.corpus import every, id3, joined, mp3_file, same, stream
from helpers.audio.signals import sine, speech_like
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.codec.encoder import WavEncoder

VOICE = speech_like(16_000, 0.05)
EVERY_SIZE = pytest.mark.parametrize("size", [1, 7, 417, 4096, 10**9])
UNKNOWN = 0xFFFFFFFF


def wav(pcm=VOICE, rate_hz=16_000, subtype="PCM_16", kind="WAV"):
    out = io.BytesIO()
    soundfile.write(out, pcm / 32768, rate_hz, format=kind, subtype=subtype)
    return out.getvalue()


def with_sizes(riff, data, pcm=VOICE):
    """A plain 16-bit file whose header says these sizes."""
    body = bytearray(WavEncoder(16_000).feed(pcm))
    body[4:8], body[40:44] = struct.pack("<I", riff), struct.pack("<I", data)
    return bytes(body)


def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def riff(*chunks):
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


FMT = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16))
DATA = chunk(b"data", VOICE.tobytes())


@pytest.mark.parametrize(
    ("subtype", "kind", "tolerance"),
    [
        ("PCM_16", "WAV", 0),
        ("PCM_16", "WAVEX", 0),  # "extensible"
        ("PCM_24", "WAV", 0),
        ("PCM_32", "WAV", 0),
        ("FLOAT", "WAV", 0),
        ("DOUBLE", "WAVEX", 0),
        ("PCM_U8", "WAV", 256),
        ("ULAW", "WAV", 1200),
    ],
)
@EVERY_SIZE
def test_every_coding_of_wav_is_played_as_it_arrives(subtype, kind, tolerance, size):
    data = wav(subtype=subtype, kind=kind)

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 1
    assert {part.rate_hz for part in got} == {16_000}
    pcm = joined(got)
    assert len(pcm) == len(VOICE)
    assert np.abs(pcm.astype(int) - VOICE).max() <= tolerance


@EVERY_SIZE
@pytest.mark.parametrize(
    ("riff_size", "data_size"),
    [
        (UNKNOWN, UNKNOWN),
        (0, 0),
        (36, 0),
        (0x7FFFF024, 0x7FFFF000),  # as sox writes into a pipe
        (0, UNKNOWN),
        (36 + 2 * len(VOICE), 2 * len(VOICE)),
        (UNKNOWN, 2 * len(VOICE)),
        (0, 2 * len(VOICE)),
    ],
)
def test_a_length_that_nobody_knew_is_that_of_the_stream(riff_size, data_size, size):
    data = with_sizes(riff_size, data_size)

    got, decoder = stream(data, every(size, data))

    assert np.array_equal(joined(got), VOICE)
    assert decoder.files == 1


@EVERY_SIZE
@pytest.mark.parametrize("sizes", [(UNKNOWN, UNKNOWN), (0, 0), (36 + 1600, 1600)])
def test_wav_files_one_after_the_other_are_told_apart(sizes, size):
    tone = sine(16_000, 0.05)
    data = with_sizes(*sizes) + with_sizes(*sizes, pcm=tone) + wav(VOICE, 22_050)

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 3
    for index, (pcm, rate_hz) in enumerate([(VOICE, 16_000), (tone, 16_000), (VOICE, 22_050)]):
        own = [part for part in got if part.file == index]
        assert np.array_equal(joined(own), pcm)
        assert {part.rate_hz for part in own} == {rate_hz}


@EVERY_SIZE
@pytest.mark.parametrize("missing", [1, 4, 11, 12, 13, 1000])
def test_a_wav_file_that_is_shorter_than_it_says_does_not_swallow_the_next(missing, size):
    data = wav()[:-missing] + wav(VOICE, 22_050)

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 2
    first, second = (joined(part for part in got if part.file == index) for index in (0, 1))
    assert np.array_equal(first, VOICE[: len(VOICE) - (missing + 1) // 2])
    assert np.array_equal(second, VOICE)


@EVERY_SIZE
def test_wav_and_mp3_may_take_turns(size):
    mp3 = mp3_file("cbr-info-24")
    data = wav() + mp3.data + wav() + id3() + mp3.data + mp3.data + wav()

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 6
    expected = [VOICE, mp3.pcm, VOICE, mp3.pcm, mp3.pcm, VOICE]
    for index, pcm in enumerate(expected):
        assert same(joined(part for part in got if part.file == index), pcm)


@EVERY_SIZE
def test_other_chunks_of_a_wav_file_are_not_heard(size):
    odd = chunk(b"LIST", b"INFOINAM\x05\0\0\0title")
    looks_like_frames = chunk(b"id3 ", mp3_file("cbr-16").data)
    data = riff(odd, FMT, odd, looks_like_frames, DATA, odd, looks_like_frames) * 2

    got, decoder = stream(data, every(size, data))

    assert np.array_equal(joined(got), np.concatenate([VOICE, VOICE]))
    assert decoder.files == 2


def test_an_odd_number_of_bytes_is_padded_and_the_padding_not_heard():
    fmt = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8_000, 8_000, 1, 8))
    data = riff(fmt, chunk(b"data", bytes([128, 255, 0]))) * 2

    got, decoder = stream(data, every(1, data))

    assert joined(got).tolist() == [0, 32512, -32768] * 2
    assert decoder.files == 2


def test_stereo_is_mixed():
    both = np.stack([VOICE, np.zeros_like(VOICE)], axis=1)

    got, _ = stream(wav(both), every(7, wav(both)))

    assert np.abs(joined(got).astype(int) - VOICE / 2).max() <= 1


def test_the_first_sample_is_heard_when_it_is_there():
    got, _ = stream(with_sizes(UNKNOWN, UNKNOWN)[:46])

    assert joined(got).tolist() == VOICE[:1].tolist()


def test_samples_that_look_like_the_next_file_are_kept_at_the_end():
    for tail in (b"R", b"RIFF", b"RIFF\0\0\0\0WAV", b"RI"):
        data = with_sizes(UNKNOWN, UNKNOWN)[: -len(tail)] + tail

        got, _ = stream(data, every(3, data))

        assert len(joined(got)) == len(VOICE)


@pytest.mark.parametrize(
    "broken",
    [
        riff(chunk(b"fmt ", b"\1\0"), DATA),
        riff(DATA),
        riff(chunk(b"fmt ", bytes(16)), DATA),
        riff(chunk(b"\xff\xfe\0\1", b"")),
        riff(chunk(b"fmt ", struct.pack("<HHIIHH", 0x4242, 1, 8_000, 8_000, 1, 8)), DATA),
        riff(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 2**31, 0, 2, 16)), DATA),
        wav()[:30],
    ],
    ids=["short-format", "no-format", "zero-format", "no-name", "unknown-codec", "rate", "cut"],
)
@EVERY_SIZE
def test_a_broken_wav_file_gives_nothing_and_breaks_nothing(broken, size):
    got, _ = stream(broken, every(size, broken))

    assert got == []


def test_a_codec_that_nobody_knows_is_told_once_a_file(caplog):
    fmt = chunk(b"fmt ", struct.pack("<HHIIHH", 0x4242, 1, 8_000, 8_000, 1, 8))
    data = riff(fmt, DATA) * 2

    stream(data, every(100, data))

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


@given(st.lists(st.integers(0, 6_000), max_size=30), st.sampled_from(["PCM_16", "PCM_24"]))
@settings(deadline=None, max_examples=40)
def test_cuts_change_nothing(cuts, subtype):
    both = np.stack([VOICE, VOICE], axis=1)
    data = wav(both, subtype=subtype) + wav(subtype=subtype)

    got, _ = stream(data, [cut for cut in cuts if cut < len(data)])

    assert np.array_equal(joined(got), np.concatenate([VOICE, VOICE]))


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=60)
def test_any_bytes_behind_a_riff_header_are_survived(body):
    stream(b"RIFF\0\0\0\0WAVE" + body)


@pytest.mark.parametrize("rate_hz", [1, 3_999, 192_001])
def test_a_file_of_a_rate_that_no_speech_has_gives_nothing_and_the_next_one_is_heard(rate_hz):
    odd = bytearray(wav())
    odd[24:28] = struct.pack("<I", rate_hz)
    got, _ = stream(bytes(odd) + wav())
    assert np.array_equal(joined(got), VOICE)
