"""What real servers sent, as recorded."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from helpers.audio.corpus import decoded_whole, joined, same, stream

TRACES = Path(__file__).parents[2] / "traces"


def body(trace: Path) -> bytes:
    head, _, rest = trace.read_bytes().partition(b"\r\n\r\n")
    if b"chunked" not in head.lower():
        return rest
    chunks = []
    while size := int(rest.partition(b"\r\n")[0] or b"0", 16):
        rest = rest.partition(b"\r\n")[2]
        chunks.append(rest[:size])
        rest = rest[size + 2 :]
    return b"".join(chunks)


def audio_pieces(trace: Path) -> list[bytes]:
    found = re.findall(rb'^data: (\{.*"event": ?"tts_message".*\})$', body(trace), re.MULTILINE)
    return [base64.b64decode(json.loads(event)["audio"]) for event in found]


with_audio = [trace for trace in sorted(TRACES.glob("*/*.raw")) if audio_pieces(trace)]
whole_audio = sorted(TRACES.glob("*/tts-text.raw")) + sorted(TRACES.glob("*/tts-message-id.raw"))
named = {"ids": lambda trace: f"{trace.parent.name}-{trace.stem}"}


def files_within(data: bytes) -> list[bytes]:
    """These servers' files all begin with a tag of the same program."""
    starts = [match.start() for match in re.finditer(b"ID3\x04", data)]
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def test_there_are_recordings_with_speech():
    assert len(with_audio) >= 10
    assert len(whole_audio) >= 4
    assert max(len(files_within(b"".join(audio_pieces(trace)))) for trace in with_audio) >= 3


@pytest.mark.parametrize("trace", with_audio, **named)
def test_the_speech_in_a_stream_is_heard_exactly_file_by_file(trace):
    pieces = audio_pieces(trace)
    data = b"".join(pieces)
    files = files_within(data)
    cuts = np.cumsum([len(piece) for piece in pieces])[:-1].tolist()

    for places in (cuts, [], range(1000, len(data), 1000)):
        got, decoder = stream(data, places)

        assert decoder.files == len(files)
        for index, file in enumerate(files):
            own = joined(part for part in got if part.file == index)
            assert len(own) > 10_000
            assert same(own, decoded_whole(file))


@pytest.mark.parametrize("trace", whole_audio, **named)
def test_speech_that_was_asked_for_is_heard_exactly(trace):
    data = body(trace)

    got, _ = stream(data, range(4096, len(data), 4096))

    assert same(joined(got), decoded_whole(data))


@pytest.mark.parametrize("trace", with_audio, **named)
def test_the_first_piece_of_speech_is_heard_at_once(trace):
    got, _ = stream(audio_pieces(trace)[0])

    assert joined(got).size >= 20 * 576
