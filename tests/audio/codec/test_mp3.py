from __future__ import annotations

import pytest
from helpers.audio.corpus import frames, id3, mp3_file, mp3_files

from voice_assistant.audio.codec.mp3 import (
    Frame,
    id3_length,
    parse_header,
    parse_info,
    silent_frame,
)


@pytest.mark.parametrize(
    ("word", "rate_hz", "channels", "length", "samples"),
    [
        ("fffb9064", 44_100, 2, 417, 1152),  # 128 kbit/s, the most common of all
        ("fffb9264", 44_100, 2, 418, 1152),  # padded
        ("fffa9064", 44_100, 2, 417, 1152),  # with a CRC
        ("fffbe0c4", 44_100, 1, 1044, 1152),
        ("fffb94c4", 48_000, 1, 384, 1152),
        ("fffb18c4", 32_000, 1, 144, 1152),
        ("fff348c4", 16_000, 1, 144, 576),
        ("fff364c4", 24_000, 1, 144, 576),
        ("fff380c4", 22_050, 1, 208, 576),
        ("ffe318c4", 8_000, 1, 72, 576),
        ("ffe380c4", 11_025, 1, 417, 576),
    ],
)
def test_a_header_tells_how_long_its_frame_is(word, rate_hz, channels, length, samples):
    header = parse_header(bytes.fromhex(word))

    assert header is not None
    assert (header.rate_hz, header.channels) == (rate_hz, channels)
    assert (header.length, header.samples) == (length, samples)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "fffb90",
        "00000000",
        "ffffffff",
        "7ffb9064",  # no sync
        "ffdb9064",  # no sync
        "ffeb9064",  # a version that does not exist
        "fff99064",  # no layer: AAC
        "fffd9064",  # layer II
        "ffff9064",  # layer I
        "fffb0064",  # no bitrate: "free format"
        "fffbf064",  # a bitrate that does not exist
        "fffb9c64",  # a rate that does not exist
    ],
)
def test_bytes_that_only_resemble_a_header_are_no_header(word):
    assert parse_header(bytes.fromhex(word)) is None


def test_frames_with_and_without_crc_are_alike_and_those_of_other_channels_are_not():
    plain, crc, mono = (
        parse_header(bytes.fromhex(word)) for word in ("fffb9064", "fffab064", "fffb90c4")
    )

    assert plain.alike(crc)
    assert crc.side_at == plain.side_at + 2
    assert not plain.alike(mono)


@pytest.mark.parametrize("file", mp3_files(), ids=lambda file: file.name)
def test_every_frame_of_a_file_is_found_and_reaches_no_further_back_than_there_is(file):
    behind = 0

    for frame in frames(file.data):
        assert frame.header.alike(frames(file.data)[0].header)
        assert frame.reaches_back <= min(behind, 511 if frame.header.samples == 1152 else 255)
        behind += frame.header.main_length


def test_a_silent_frame_fits_among_the_frames_of_any_file():
    for file in mp3_files():
        like = frames(file.data)[0]
        header = parse_header(silent_frame(like.data))

        assert header.alike(like.header)
        assert header.main_length >= 0


def test_an_info_frame_tells_number_delay_and_padding():
    file = mp3_file("cbr-info-24")
    header = parse_header(file.data)

    info = parse_info(type(frames(file.data)[0])(header, file.data[: header.length]))

    assert info.frames == len(frames(file.data))
    assert info.begin == 576 + 529
    assert info.end - info.begin == len(file.pcm)


def test_a_frame_that_only_contains_info_is_no_info_frame():
    word = bytes.fromhex("fff31064")  # stereo of 8 kbit/s: frames of 26 bytes
    header = parse_header(word)
    frame = Frame(header, (word + bytes(17) + b"Info").ljust(header.length, b"\0"))

    assert header.length == 26
    assert parse_info(frame) is None


def test_a_frame_of_sound_is_no_info_frame():
    assert not any(parse_info(frame) for frame in frames(mp3_file("cbr-stereo-44").data))


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_383, 70_000])
def test_a_tag_tells_its_length(size):
    assert id3_length(id3(size)) == len(id3(size))
    assert id3_length(id3(size, flags=0x10)) == len(id3(size, flags=0x10)) == size + 20
    assert id3_length(b"xx" + id3(size)) is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"ID3\4\0\0\0\0\0",  # cut
        b"ID3\x05\0\0\0\0\0\0",
        b"ID3 is a tag",
        b"ID3\4\xff\0\0\0\0\0",
        b"ID3\4\0\x01\0\0\0\0",
        b"ID3\4\0\0\0\0\x80\0",
        b"3DI\4\0\0\0\0\0\0",
    ],
)
def test_bytes_that_only_resemble_a_tag_are_no_tag(head):
    assert id3_length(head) is None
