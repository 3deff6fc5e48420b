from __future__ import annotations

import itertools

from helpers.server.running import ME, refusals, running
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.server.http.multipart import Part, _Form

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="user"\r\n\r\nme\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="caf\xc3\xa9.wav"\r\n'
    b"CONTENT-TYPE: audio/wav; codecs=1\r\n\r\nRIFF\r\n--y\r\n\r\nWAVE\r\n--x--\r\n"
)


@given(st.lists(st.integers(0, len(FORM)), max_size=20))
def test_a_form_is_the_same_however_it_is_cut(cuts):
    at = [0, *sorted(cuts), len(FORM)]
    form = _Form(b"x")
    found: dict[Part, bytes] = {}
    for begin, end in itertools.pairwise(at):
        for part, data in form.feed(FORM[begin:end]):
            found[part] = found.get(part, b"") + data
    assert form.complete
    assert found == {
        Part("user", None, ""): b"me",
        Part("file", "café.wav", "audio/wav"): b"RIFF\r\n--y\r\n\r\nWAVE",
    }


async def test_a_body_that_is_no_form_is_refused(tmp_path):
    forms = [
        (FORM, "application/json"),
        (FORM, "multipart/form-data"),
        (FORM[:-8], "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (FORM, f"multipart/form-data; boundary={'x' * 300}"),
    ]
    requests = [
        ("POST", "/files/upload", {"content": content, "headers": {"Content-Type": mime}})
        for content, mime in forms
    ]
    assert [status for status, _ in await refusals(tmp_path, requests)] == [400] * len(forms)


async def test_a_form_may_name_the_user_last(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            files = [("file", ("a.txt", b"x", "text/plain")), ("user", (None, "me"))]
            return await server.client.post("/files/upload", files=files)

    assert (await scenario()).json()["created_by"] == ME["user"]
