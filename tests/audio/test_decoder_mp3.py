from __future__ import annotations

import collections
import time

import numpy as np
import pytest
from audio.corpus import (
    decoded_whole,
    frames,
    id3,
    id3v1,
    joined,
    mp3_file,
    mp3_files,
    same,
    stream,
    without_info,
)
from audio.signals import speech_like
from fakes import wav
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.decoder import SpeechDecoder
from voice_assistant.audio.mp3 import ID3_HEADER_BYTES, Frame, parse_info
from voice_assistant.audio.mp3file import Mp3File
from voice_assistant.audio.splitter import _hides_a_beginning

every_file = pytest.mark.parametrize("file", mp3_files(), ids=lambda file: file.name)
several = settings(deadline=None, max_examples=40)


def every(size, data):
    return range(size, len(data), size)


@every_file
@pytest.mark.parametrize("size", [1, 7, 417, 4096, 10**9])
def test_a_file_in_pieces_is_what_it_is_as_a_whole(file, size, capfd):
    got, decoder = stream(file.data, every(size, file.data))

    assert same(joined(got), file.pcm)
    assert {(part.rate_hz, part.file) for part in got} == {(file.rate_hz, 0)}
    assert decoder.files == 1
    assert capfd.readouterr() == ("", "")


@every_file
def test_the_first_sound_comes_with_the_byte_that_completes_its_frame(file):
    own = frames(file.data)
    head = file.data.index(own[0].data)
    info = parse_info(first_frame(file.data))
    number = info.begin // own[0].header.samples if info else 0
    whole_at = head + sum(len(frame.data) for frame in own[: number + 1])
    if hides_a_beginning(own[number]):
        whole_at += 4  # the next header decides
    decoder = SpeechDecoder()

    assert decoder.feed(file.data[: whole_at - 1]) == []
    assert decoder.feed(file.data[whole_at - 1 : whole_at])


def hides_a_beginning(frame):
    return _hides_a_beginning(frame.data)


def test_few_frames_have_to_wait_for_the_next_header():
    waiting = [hides_a_beginning(frame) for file in mp3_files() for frame in frames(file.data)]

    assert 0.001 < sum(waiting) / len(waiting) < 0.05


def first_frame(data):
    second = frames(data)[0]
    at = data.index(second.data)
    start = data.rindex(second.data[:2], 0, at) if second.data[:2] in data[:at] else at
    header = second.header
    return Frame(header, data[start:at]) if data[start:at] else second


@st.composite
def streams(draw):
    """Files one after the other whose borders can be seen, with cuts anywhere."""
    names = draw(st.lists(st.sampled_from([file.name for file in mp3_files()]), max_size=4))
    parts = []
    for name in names:
        file = mp3_file(name)
        # Untagged behind untagged of one format has no border.
        data = file.data if file.data.startswith(b"ID3") else id3(20) + file.data
        parts.append((file, data))
    data = b"".join(data for _, data in parts)
    cuts = draw(st.lists(st.integers(0, len(data)), max_size=30))
    return [file for file, _ in parts], data, cuts


@given(streams())
@several
def test_files_one_after_the_other_are_each_what_they_are_alone(case):
    files, data, cuts = case

    got, decoder = stream(data, cuts)

    assert decoder.files == len(files)
    for index, file in enumerate(files):
        own = [part for part in got if part.file == index]
        assert same(joined(own), file.pcm)
        assert {part.rate_hz for part in own} == {file.rate_hz}
    assert [part.file for part in got] == sorted(part.file for part in got)


def untagged(rate_khz):
    return mp3_file(f"cbr-{rate_khz}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("cbr-16", "cbr-24"),  # another rate
        ("cbr-44", "cbr-16"),  # another version of MPEG
        ("abr-stereo-24", "cbr-24"),  # channels; the first tells its length too
        ("cbr-16", "cbr-info-16"),  # an Info frame
        ("cbr-info-16", "cbr-16"),  # the Info frame told where the first one ends
        ("cbr-info-24", "cbr-info-24"),
        ("cbr-id3-16", "cbr-16"),  # ID3v1 ends the first
        ("cbr-16", "cbr-id3-16"),
    ],
)
@pytest.mark.parametrize("size", [1, 417, 10**9])
def test_a_border_is_seen_without_a_tag_in_front(first, second, size):
    files = [mp3_file(first), mp3_file(second)]
    data = files[0].data + files[1].data

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 2
    for index, file in enumerate(files):
        assert same(joined(part for part in got if part.file == index), file.pcm)


def test_untagged_behind_untagged_of_one_format_is_played_through_as_one_file():
    file = untagged(24)

    got, decoder = stream(file.data + file.data)

    assert decoder.files == 1
    pcm = joined(got)
    assert len(pcm) == 2 * len(file.pcm)
    # Only the first two frames of the second hear the end of the first.
    assert same(pcm[len(file.pcm) + 2 * 576 :], file.pcm[2 * 576 :])


@pytest.mark.parametrize(
    "tag",
    [
        id3(0),
        id3(127),
        id3(128),
        id3(5000),
        id3(300, version=3, flags=0x80),  # unsynchronised
        id3(300, version=2),
        id3(300, flags=0x10),  # with a footer
        id3(20) + id3(30),
    ],
    ids=lambda tag: f"{len(tag)}-{tag[3]}-{tag[5]}",
)
@pytest.mark.parametrize("size", [1, 100, 10**9])
def test_tags_in_front_and_behind_are_not_heard(tag, size):
    file = mp3_file("cbr-info-24")
    data = tag + file.data + id3v1() + tag + file.data + id3v1()

    got, decoder = stream(data, every(size, data))

    assert decoder.files == 2
    assert same(joined(got), np.concatenate([file.pcm, file.pcm]))


def test_the_delay_of_the_encoder_is_not_heard_at_a_seam():
    tone = speech_like(24_000, 0.45, 3)

    got, _ = stream(mp3_file("cbr-info-24").data * 3)

    assert len(joined(got)) == 3 * len(tone)


def test_an_untagged_file_of_varying_bitrate_is_not_cut_short():
    file = mp3_file("vbr-xing-44")
    all_frames = frames(file.data)

    got, _ = stream(without_info(file.data))

    pcm = joined(got)
    assert len(pcm) == len(all_frames) * 1152
    begin = 576 + 529
    assert same(pcm[begin : begin + len(file.pcm)], file.pcm)


def test_what_fraunhofer_puts_in_front_is_not_heard():
    file = untagged(44)
    vbri = bytearray(frames(file.data)[0].data.ljust(417, b"\0"))
    header = frames(file.data)[0].header
    vbri = bytearray(header.length)
    vbri[:4] = file.data[:4]
    vbri[36:40] = b"VBRI"

    got, decoder = stream(bytes(vbri) + file.data)

    assert decoder.files == 1
    assert same(joined(got), file.pcm)


def test_a_wrong_number_of_frames_does_not_tear_a_file_apart():
    file = mp3_file("cbr-info-16")
    at = file.data.index(b"Info") + 8
    too_few = file.data[:at] + (5).to_bytes(4, "big") + file.data[at + 4 :]
    reaching_back = [frame.reaches_back > 0 for frame in frames(file.data)]

    _, decoder = stream(too_few)

    assert decoder.files == 1 or not all(reaching_back[5:])


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
    # An untagged file may lose a header too. Where the length is told, that counts wrong.
    start = data.draw(st.integers(4 if "info" in name else 0, length - 1), "first missing byte")
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
def test_what_needs_a_lost_frame_is_silent_and_not_noise(name, capfd):
    file = mp3_file(name)

    for lost in frames(file.data)[2:-2]:
        at = file.data.index(lost.data) + 50
        got, _ = stream(file.data[:at] + file.data[at + 10 :])
        assert np.abs(joined(got).astype(int)).max() <= 1.1 * np.abs(file.pcm.astype(int)).max()

    assert capfd.readouterr().err == ""  # where libmpg123 complains of noise


def test_a_frame_that_reaches_back_over_many_small_ones_gets_them_all():
    small = frames(mp3_file("cbr-tiny").data)[0]
    assert small.header.main_length == 3
    file = Mp3File(Frame(small.header, small.muted(0)))

    for _ in range(100):
        file.add(Frame(small.header, small.muted(255)))
    file.decode()

    assert len(file._warm_up()) == 2 + 255 // 3


@pytest.mark.parametrize("name", ["cbr-id3-24", "cbr-info-24", "cbr-info-16"])
def test_a_file_that_breaks_off_loses_one_frame_and_the_next_file_none(name):
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


def test_a_lone_frame_is_believed_at_the_start_of_the_stream():
    frame = frames(untagged(16).data)[5].data

    assert len(joined(stream(frame)[0])) == 576


def test_an_unfinished_tag_ends_quietly():
    file = untagged(16)

    for length in range(1, ID3_HEADER_BYTES + 10):
        got, _ = stream(file.data + id3(100)[:length])

        assert same(joined(got), file.pcm)


def test_a_long_message_fed_at_once_is_exact():
    file = mp3_file("cbr-info-24")
    all_frames = [frame.data for frame in frames(file.data)]
    data = b"".join(all_frames * 30)

    whole = joined(stream(data)[0])
    pieces = joined(stream(data, every(4096, data))[0])

    assert len(whole) == len(all_frames) * 30 * 576
    assert same(whole, pieces)


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
