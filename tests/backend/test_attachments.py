from __future__ import annotations

import os
from pathlib import Path

import pytest
from fakes import FakeBackend

from voice_assistant.api.models import FileUpload
from voice_assistant.api.models.app import ImageUpload
from voice_assistant.backend.attachments import attach, kind_of, upload_of
from voice_assistant.errors import InputError, NotConfigured

ANY = FileUpload(
    enabled=True, allowed_file_types=("image", "document", "audio", "video"), number_limits=2
)
IMAGES_OF_OLD_SERVERS = FileUpload(image=ImageUpload(enabled=True))
OWN = FileUpload(
    enabled=True, allowed_file_types=("custom", "image"), allowed_file_extensions=(".DWG", "png")
)


async def sent(names: list[str], allowed: FileUpload | None):
    backend = FakeBackend()
    found = await attach(backend, [Path(name) for name in names], allowed)
    return backend, found


@pytest.mark.parametrize(
    ("name", "allowed", "kind"),
    [
        ("a.png", ANY, "image"),
        ("A.JPG", ANY, "image"),
        ("a.pdf", ANY, "document"),
        ("a", ANY, "document"),
        ("a.wav", ANY, "audio"),
        ("a.mp4", ANY, "video"),
        ("a.dwg", OWN, "custom"),
        ("a.png", OWN, "custom"),
        ("a.jpg", OWN, "image"),
        ("a.png", None, "image"),
    ],
)
def test_a_file_is_of_the_kind_that_the_app_calls_it(name, allowed, kind):
    assert kind_of(Path(name), allowed) == kind


async def test_files_are_sent_and_then_referred_to():
    backend, found = await sent(["/x/red.png", "/x/notes.pdf"], ANY)
    assert [(one.name, one.mime) for one in backend.files] == [
        ("red.png", "image/png"),
        ("notes.pdf", "application/pdf"),
    ]
    assert [(one.type, one.transfer_method, one.upload_file_id) for one in found] == [
        ("image", "local_file", "file 1"),
        ("document", "local_file", "file 2"),
    ]


async def test_without_files_nothing_is_asked_of_the_app():
    assert (await sent([], FileUpload()))[1] == ()


async def test_an_app_that_does_not_say_what_it_takes_is_given_a_try():
    assert len((await sent(["a.png", "b.png", "c.png"], None))[1]) == 3


@pytest.mark.parametrize(
    ("names", "allowed", "kind", "words"),
    [
        (["a.png"], FileUpload(), NotConfigured, "takes no files"),
        (["a.pdf"], IMAGES_OF_OLD_SERVERS, NotConfigured, "does not take a.pdf"),
        (["a.png", "b.png", "c.png"], ANY, InputError, "3 files"),
    ],
)
async def test_what_the_app_does_not_take_is_said_before_anything_is_sent(
    names, allowed, kind, words
):
    backend = FakeBackend()
    with pytest.raises(kind, match=words):
        await attach(backend, [Path(name) for name in names], allowed)
    assert backend.files == []


@pytest.mark.parametrize(
    ("raw", "name"), [(b"b\xe9richt.pdf", "b\ufffdricht.pdf"), (b"a\x1b[31mb\n.pdf", "ab\n.pdf")]
)
def test_a_file_of_any_name_is_sent_by_a_name_that_can_be_shown(raw, name):
    file = Path(os.fsdecode(raw))
    upload = upload_of(file)
    assert (upload.content, upload.name, upload.mime) == (file, name, "application/pdf")
