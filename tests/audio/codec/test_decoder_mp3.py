"""MP3 as it should be: whole files, one after the other, in any pieces, with tags and delays."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.corpus import (
    every,
    first_frame,
    frames,
    id3,
    id3v1,
    joined,
    mp3_file,
    mp3_files,
    same,
    stream,
    untagged,
    without_info,
)
from helpers.audio.signals import speech_like
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.codec.beginnings import hides_a_beginning
from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.codec.mp3 import Frame, parse_info
from voice_assistant.audio.codec.mp3_file import Mp3File

every_file = pytest.mark.parametrize("file", mp3_files(), ids=lambda file: file.name)
several = settings(deadline=None, max_examples=40)


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
    if hides_a_beginning(own[number].data):
        whole_at += 4  # the next header decides
    decoder = SpeechDecoder()

    assert decoder.feed(file.data[: whole_at - 1]) == []
    assert decoder.feed(file.data[whole_at - 1 : whole_at])


def test_few_frames_have_to_wait_for_the_next_header():
    # LAME writes files of an average bitrate differently each time.
    files = [file for file in mp3_files() if not file.name.startswith("abr")]
    waiting = [hides_a_beginning(frame.data) for file in files for frame in frames(file.data)]

    assert 0.001 < sum(waiting) / len(waiting) < 0.05


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


def test_the_silence_that_fraunhofers_encoder_adds_is_not_heard():
    file = untagged(44)
    vbri = bytearray(frames(file.data)[0].header.length)
    vbri[:4] = file.data[:4]
    vbri[36:40] = b"VBRI"

    got, decoder = stream(bytes(vbri) + file.data)

    assert decoder.files == 1
    assert same(joined(got), file.pcm)


def test_a_frame_that_reaches_back_over_many_small_ones_gets_them_all():
    small = frames(mp3_file("cbr-tiny").data)[0]
    assert small.header.main_length == 3
    file = Mp3File(Frame(small.header, small.muted(0)))

    for _ in range(100):
        file.add(Frame(small.header, small.muted(255)))
    file.decode()

    assert len(file._warm_up()) == 2 + 255 // 3


def test_a_lone_frame_is_believed_at_the_start_of_the_stream():
    frame = frames(untagged(16).data)[5].data

    assert len(joined(stream(frame)[0])) == 576


def test_a_long_message_fed_at_once_is_exact():
    file = mp3_file("cbr-info-24")
    all_frames = [frame.data for frame in frames(file.data)]
    data = b"".join(all_frames * 30)

    whole = joined(stream(data)[0])
    pieces = joined(stream(data, every(4096, data))[0])

    assert len(whole) == len(all_frames) * 30 * 576
    assert same(whole, pieces)
