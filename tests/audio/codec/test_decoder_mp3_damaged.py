"""MP3 as it should not be: junk, frames and files that are cut short, tags and headers that lie."""

from __future__ import annotations

import collections
import time

import numpy as np
import pytest
from fakes import wav
from helpers.audio.corpus import (
    decoded_whole,
    every,
    first_frame,
    frames,
    id3,
    joined,
    mp3_file,
    same,
    stream,
    untagged,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.codec.mp3 import ID3_HEADER_BYTES, parse_info

several = settings(deadline=None, max_examples=40)


def test_a_wrong_number_of_frames_does_not_tear_a_file_apart():
    file = mp3_file("cbr-info-16")
    at = file.data.index(b"Info") + 8
    too_few = file.data[:at] + (5).to_bytes(4, "big") + file.data[at + 4 :]
    assert all(frame.reaches_back for frame in frames(file.data)[5:]), "else one might begin a file"

    _, decoder = stream(too_few)

    assert decoder.files == 1


def test_a_number_of_frames_that_is_missing_trims_nothing():
    file = mp3_file("cbr-info-16")
    at = file.data.index(b"Info") + 4
    data = file.data[: at + 3] + b"\0" + file.data[at + 4 :]

    assert same(joined(stream(data)[0]), decoded_whole(data))


JUNK = [
    b"\0" * 100,
    b"\xff" * 300,
    b"<html><body>Bad Gateway</body></html>" * 20,
    b"\xff\xfb\x98\x64" * 3,  # headers of another rate
    b"APETAGEX\xd0\x07\0\0" + bytes(range(256)) * 3,
    b"I",
    b"ID3 RIFF WAVE",
]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk[:8]))
@pytest.mark.parametrize("size", [1, 50, 10**9])
@pytest.mark.parametrize("name", ["cbr-16", "cbr-info-24", "cbr-stereo-44", "vbr-xing-22"])
def test_junk_between_frames_loses_nothing_but_itself(junk, size, name):
    file = mp3_file(name)
    parts = [frame.data for frame in frames(file.data)]
    head = file.data[: file.data.index(parts[0])]
    data = b"".join([junk, head, *parts[:5], junk, *parts[5:9], junk, *parts[9:], junk])

    got, decoder = stream(data, every(size, data))

    assert same(joined(got), file.pcm)
    assert decoder.files == 1


@given(
    st.sampled_from(["cbr-16", "cbr-info-24", "cbr-44", "cbr-stereo-22"]),
    st.integers(2, 8),
    st.data(),
)
@several
def test_a_frame_that_is_cut_short_costs_itself_and_no_other(name, index, data):
    file = mp3_file(name)
    whole = frames(file.data)
    begin = file.data.index(whole[index].data)
    length = len(whole[index].data)
    # An untagged file may lose a header too. Where the length is told, that counts wrong. What is
    # left of half a header may look like another one, together with the bytes that follow.
    places = st.integers(4, length - 1)
    start = data.draw(places if "info" in name else st.just(0) | places, "first missing byte")
    stop = data.draw(st.integers(start + 1, length), "the byte behind the last")
    damaged = file.data[: begin + start] + file.data[begin + stop :]
    cuts = data.draw(st.lists(st.integers(0, len(damaged)), max_size=20))

    got, decoder = stream(damaged, cuts)

    pcm, samples = joined(got), whole[0].header.samples
    assert decoder.files == 1
    assert len(pcm) == len(file.pcm) - samples
    info = parse_info(first_frame(file.data))
    before = index * samples - (info.begin if info else 0)
    assert same(pcm[:before], file.pcm[:before])
    # What reaches back into the lost frame suffers with it: at most ten frames do.
    assert same(pcm[before + 10 * samples :], file.pcm[before + 11 * samples :])


@pytest.mark.parametrize("name", ["cbr-8", "cbr-16", "cbr-24", "cbr-44", "cbr-stereo-22"])
def test_a_frame_that_needs_a_lost_one_is_silent_and_not_noise(name, capfd):
    file = mp3_file(name)

    for lost in frames(file.data)[2:-2]:
        at = file.data.index(lost.data) + 50
        got, _ = stream(file.data[:at] + file.data[at + 10 :])
        assert np.abs(joined(got).astype(int)).max() <= 1.1 * np.abs(file.pcm.astype(int)).max()

    assert capfd.readouterr().err == ""  # where libmpg123 complains of noise


@pytest.mark.parametrize("name", ["cbr-id3-24", "cbr-info-24", "cbr-info-16"])
def test_a_file_that_breaks_off_loses_one_frame_and_the_next_file_loses_none(name):
    first, second = untagged(24), mp3_file(name)

    for cut in (1, 2, 3, 4, 20, 100, 141, 143):
        got, decoder = stream(first.data[:-cut] + second.data)

        assert decoder.files == 2
        assert same(joined(p for p in got if p.file == 0), first.pcm[:-576])
        assert same(joined(p for p in got if p.file == 1), second.pcm)


def test_a_stream_that_breaks_off_loses_one_frame():
    file = untagged(24)

    for cut in (1, 50, 100):
        got, _ = stream(file.data[:-cut])

        assert same(joined(got), file.pcm[:-576])


@given(st.sampled_from(["cbr-16", "vbr-xing-24", "cbr-stereo-44"]), st.data())
@several
def test_a_damaged_stream_is_understood_the_same_in_any_pieces(name, data):
    stream_bytes = bytearray(mp3_file(name).data + mp3_file("cbr-info-16").data)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(stream_bytes)))
        length = data.draw(st.integers(0, 700))
        stream_bytes[at : at + length] = data.draw(st.binary(max_size=40))
    cuts = data.draw(st.lists(st.integers(0, len(stream_bytes)), max_size=20))

    whole, _ = stream(bytes(stream_bytes))
    pieces, _ = stream(bytes(stream_bytes), cuts)

    # Not the samples: what a decoder makes of a damaged frame depends on what it saw before.
    assert lengths(whole) == lengths(pieces)


def lengths(got):
    found = collections.Counter()
    for part in got:
        found[part.file, part.rate_hz] += len(part.pcm)
    return found


@pytest.mark.parametrize("junk", [b"\xff", b"\xff\xfb", b"ID3", b"R", b"TAG"])
def test_a_megabyte_of_junk_is_gone_at_once(junk):
    file = mp3_file("cbr-info-24")
    data = junk * (2**20 // len(junk)) + b" " + file.data
    began_s = time.process_time()

    got, _ = stream(data, every(4096, data))

    assert same(joined(got), file.pcm)
    assert time.process_time() - began_s < 5  # 0.3 where each byte is not looked at by itself


@given(st.binary(max_size=3000), st.lists(st.integers(0, 3000), max_size=5))
@settings(deadline=None, max_examples=100)
def test_random_bytes_are_no_speech(data, cuts):
    got, _ = stream(data, [cut for cut in cuts if cut < len(data)])

    assert got == []


def test_an_unfinished_tag_ends_quietly():
    file = untagged(16)

    for length in range(1, ID3_HEADER_BYTES + 10):
        got, _ = stream(file.data + id3(100)[:length])

        assert same(joined(got), file.pcm)


def tag_that_claims(length):
    claims = bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + claims + b"TSSE" + bytes(20)


@pytest.mark.parametrize("size", [1, 417, 10**9])
@pytest.mark.parametrize("claimed", [4_000, 70_000, 0xFFFFFFF])
@pytest.mark.parametrize("name", ["cbr-24", "cbr-info-16", "vbr-xing-22"])
def test_a_tag_that_claims_to_be_longer_than_it_is_swallows_no_sound(name, claimed, size):
    file = mp3_file(name)
    data = tag_that_claims(claimed) + file.data

    got, decoder = stream(data, every(size, data))

    assert same(joined(got), file.pcm)
    assert decoder.files == 1


@pytest.mark.parametrize("size", [1, 417, 10**9])
def test_a_wav_file_within_what_a_tag_claims_is_heard(size):
    pcm = (np.arange(5000) % 700).astype(np.int16)
    data = tag_that_claims(0xFFFFFFF) + wav(pcm)

    assert same(joined(stream(data, every(size, data))[0]), pcm)
