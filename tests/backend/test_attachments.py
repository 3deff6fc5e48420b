from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from fakes import FakeBackend
from helpers.replay import json, replay

from voice_assistant.api.client import Client
from voice_assistant.api.models import FileUpload, SystemParameters
from voice_assistant.api.models.app import ImageUpload
from voice_assistant.backend.attachments import attach, check_files, kind_of, upload_of
from voice_assistant.errors import InputError, NotConfigured, TooLarge

ANY = FileUpload(
    enabled=True, allowed_file_types=("image", "document", "audio", "video"), number_limits=2
)
IMAGES_OF_OLD_SERVERS = FileUpload(image=ImageUpload(enabled=True))
OWN = FileUpload(
    enabled=True, allowed_file_types=("custom", "image"), allowed_file_extensions=(".DWG", "png")
)


async def sent(paths: list[Path], allowed: FileUpload | None, limits=None):
    backend = FakeBackend()
    found = await attach(backend, paths, allowed, limits)
    return backend, found


def made(folder: Path, *names: str, size: int = 3) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(b"")
        os.truncate(folder / name, size)
    return [folder / name for name in names]


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


async def test_files_are_sent_and_then_referred_to(tmp_path):
    backend, found = await sent(made(tmp_path, "red.png", "notes.pdf"), ANY)
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


async def test_an_app_that_does_not_say_what_it_takes_is_given_a_try(tmp_path):
    files = made(tmp_path, "a.png", "b.png", "c.png")
    assert len((await sent(files, None))[1]) == 3


@pytest.mark.parametrize(
    ("names", "allowed", "kind", "words"),
    [
        (["a.png"], FileUpload(), NotConfigured, "takes no files"),
        (["a.pdf"], IMAGES_OF_OLD_SERVERS, NotConfigured, "does not take a.pdf"),
        (["a.png", "b.png", "c.png"], ANY, InputError, "3 files"),
    ],
)
async def test_a_file_that_the_app_does_not_take_is_refused_before_anything_is_sent(
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


LIMITS = SystemParameters(file_size_limit=15, image_file_size_limit=1)


@pytest.mark.parametrize(
    ("name", "size", "limits", "words"),
    [
        ("a.pdf", 40 * 2**20, LIMITS, "a.pdf has 40.0 MB, and the app takes 15 MB"),
        ("a.pdf", 15 * 2**20 + 1, LIMITS, "a.pdf has 15.1 MB, and the app takes 15 MB"),
        ("a.png", 2 * 2**20, LIMITS, "a.png has 2.0 MB, and the app takes 1 MB"),
        ("a.wav", 16 * 2**20, LIMITS, "the app takes 15 MB"),
        ("a.pdf", 6 * 2**30, None, "a.pdf has 6,144.0 MB, and the app takes 500 MB"),
    ],
)
async def test_a_file_that_is_too_large_is_refused_unread_with_both_numbers(
    name, size, limits, words, tmp_path
):
    files = made(tmp_path, "first.png") + made(tmp_path, name, size=size)
    backend = FakeBackend()
    with pytest.raises(InputError, match=words):
        await attach(backend, files, None, limits)
    with pytest.raises(InputError, match=words):
        await check_files(files, limits)
    assert backend.files == []


async def test_a_file_as_large_as_allowed_is_sent(tmp_path):
    backend, _ = await sent(made(tmp_path, "a.pdf", size=15 * 2**20), None, LIMITS)
    assert len(backend.files) == 1


@pytest.mark.parametrize("file", ["a.pdf", "/proc/self/status"])
async def test_a_file_that_has_nothing_is_refused(file, tmp_path):
    made(tmp_path, "a.pdf", size=0)
    with pytest.raises(InputError, match="is empty"):
        await sent([tmp_path / file], None)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "no plain file"),
        (Path.mkdir, "a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "no plain file"),
        (lambda path: path.symlink_to(path), "cannot be read"),
        (lambda path: None, "cannot be read"),
    ],
)
async def test_only_plain_files_are_opened(make, words, tmp_path):
    make(tmp_path / "it.pdf")
    async with asyncio.timeout(5):
        with pytest.raises(InputError, match=words):
            await sent([tmp_path / "it.pdf"], None)
        with pytest.raises(InputError, match="cannot be read"):
            async with Client("http://127.0.0.1:9/v1", "app-KEY", "u1") as client:
                await client.upload_file(upload_of(tmp_path / "it.pdf"))


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("File size exceeded. {message}", ""),
        ("File size exceeded. The limit is 10 MB.", "The server takes up to 10 MB. "),
        ("too big: 512KiB at most", "The server takes up to 512KiB. "),
    ],
)
async def test_a_file_that_only_the_server_finds_too_large_is_named_with_size_and_limit(
    tmp_path, message, limit
):
    file = tmp_path / "notes.txt"
    file.write_bytes(bytes(2_000_000))
    refused = json(413, {"code": "file_too_large", "message": message, "status": 413})
    async with (
        replay({"POST /files/upload": refused, "GET /parameters": json(200, {})}) as server,
        Client(server.url, "app-KEY", "u1") as client,
    ):
        with pytest.raises(TooLarge) as told:
            await attach(client, [file], None)
    assert told.value.title == "notes.txt has 2.0 MB, which is too large for the server"
    assert told.value.hint == f"{limit}Send a smaller file, or have the server's limit raised."
