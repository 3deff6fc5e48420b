"""Files that a command writes where its user says."""

from __future__ import annotations

import os
import stat
from types import SimpleNamespace

import pytest

from voice_assistant.cli import doctor
from voice_assistant.cli.api import files
from voice_assistant.errors import StorageError


class FileOfTheServer:
    async def preview_file(self, file):
        yield b"words"


async def preview(to):
    await files.preview(SimpleNamespace(client=FileOfTheServer()), "id", str(to))


async def bundle(to):
    doctor._write(to, "words")


@pytest.mark.parametrize("write", [preview, bundle])
async def test_nobody_waits_for_the_reader_of_a_pipe(tmp_path, write):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="cannot be written: it is no plain file"):
        await write(tmp_path / "pipe")


@pytest.mark.parametrize("write", [preview, bundle])
async def test_a_written_file_is_for_its_owner(tmp_path, write):
    await write(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"words"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
