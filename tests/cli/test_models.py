"""`models`: what is listed, installed, checked and removed."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from helpers.engines.speaking import needs_real_engines
from helpers.system.disk import dead_disk

from voice_assistant.cli import models
from voice_assistant.cli.models import Bar
from voice_assistant.engines.models.catalogue import MOONSHINE, Model, ModelFile
from voice_assistant.engines.models.folder import ModelFolder
from voice_assistant.errors import InputError

THERE = ModelFolder()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_MODELS", str(tmp_path))
    return ModelFolder()


def test_models_are_listed_with_their_licence_and_size(folder, capsys):
    assert models.show(as_json=False) == 0
    (line, *_) = capsys.readouterr().out.splitlines()
    assert line.startswith("moonshine-tiny-en")
    assert "56 MB to download" in line
    assert "MIT" in line
    assert models.show(as_json=True) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed[0]["installed"] is False
    assert listed[0]["folder"] == str(folder.place(MOONSHINE))


@needs_real_engines
def test_installed_models_are_checked_and_removed(folder, capsys):
    shutil.copytree(THERE.place(MOONSHINE), folder.place(MOONSHINE))
    assert models.verify([]) == 0
    assert "as they were published" in capsys.readouterr().out
    assert models.install([], None) == 0, "nothing is to be fetched"
    assert "licence" not in capsys.readouterr().err
    (folder.place(MOONSHINE) / "tokenizer.bin").write_bytes(b"x")
    assert models.verify([]) == 4
    assert "set aside" in capsys.readouterr().out
    models.remove(["moonshine-tiny-en"])
    assert not folder.place(MOONSHINE).exists()


def test_a_file_that_is_no_model_is_refused(folder, tmp_path):
    (tmp_path / "file.whl").write_bytes(b"x")
    with pytest.raises(InputError, match=r"file\.whl is not moonshine-tiny-en"):
        models.install([], str(tmp_path / "file.whl"))


PARTS = {"encoder.ort": b"hears" * 20_000, "tokenizer.bin": b"words"}
IN_A_FOLDER = Model(
    name="in-a-folder",
    what="hears more",
    licence="MIT",
    url="https://example.org/models/",
    size=sum(map(len, PARTS.values())),
    sha256="",
    files=tuple(
        ModelFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in PARTS.items()
    ),
)


@pytest.fixture
def published(tmp_path):
    """The folder of a model's files, and its address on a mirror."""
    place = tmp_path / "mirror" / "base"
    place.mkdir(parents=True)
    for name, content in PARTS.items():
        (place / name).write_bytes(content)
    make = functools.partial(SimpleHTTPRequestHandler, directory=place.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), make) as server:
        server.RequestHandlerClass.log_message = lambda *_: None
        threading.Thread(target=server.serve_forever).start()
        yield place, f"http://127.0.0.1:{server.server_port}/base"
        server.shutdown()


@pytest.mark.parametrize("source", [0, 1], ids=["a folder", "a mirror"])
def test_a_model_of_several_files_comes_from_a_folder_or_a_mirror(
    folder, published, source, monkeypatch
):
    monkeypatch.setattr(models, "MODELS", (IN_A_FOLDER,))
    assert models.install(["in-a-folder"], str(published[source])) == 0
    assert folder.checked(IN_A_FOLDER) == folder.place(IN_A_FOLDER)
    assert not list(folder.downloads().iterdir())


def test_a_damaged_file_of_a_mirror_is_refused_and_fetched_anew(folder, published, monkeypatch):
    monkeypatch.setattr(models, "MODELS", (IN_A_FOLDER,))
    (published[0] / "tokenizer.bin").write_bytes(b"wards")
    with pytest.raises(InputError):
        models.install(["in-a-folder"], published[1])
    assert not folder.has(IN_A_FOLDER)
    (published[0] / "tokenizer.bin").write_bytes(b"words")
    assert models.install(["in-a-folder"], published[1]) == 0
    assert folder.has(IN_A_FOLDER)


@pytest.mark.parametrize("harm", [b"", b"wor", b"wards"], ids=["empty", "cut off", "changed"])
def test_a_damaged_model_is_fetched_again_and_a_whole_one_is_not(
    folder, published, harm, monkeypatch, capsys
):
    mirrored = IN_A_FOLDER._replace(url=f"{published[1]}/", required=True)
    monkeypatch.setattr(models, "MODELS", (mirrored,))
    models.install([], None)
    (folder.place(mirrored) / "tokenizer.bin").write_bytes(harm)
    for fetched in (True, False):
        capsys.readouterr()
        assert models.install([], None) == 0
        assert ("licence: MIT" in capsys.readouterr().err) == fetched
        assert folder.checked(mirrored)


def test_an_unknown_model_is_told_with_those_there_are(folder):
    for command in (models.verify, models.remove):
        with pytest.raises(InputError, match="no model 'x'") as unknown:
            command(["x"])
        assert "moonshine-tiny-en" in unknown.value.hint


def test_a_bar_is_drawn_on_a_terminal_only(capfd):
    bar = Bar(100)
    bar.show(50)
    bar.end()
    assert capfd.readouterr().err == ""
    assert not sys.stderr.isatty()


def test_a_folder_that_cannot_be_read_is_not_said_to_need_a_download(folder, capsys):
    folder.place(MOONSHINE).mkdir()
    with dead_disk(folder.place(MOONSHINE)):
        assert models.show(as_json=False) == 0
        (line, *_) = capsys.readouterr().out.splitlines()
        assert line.split()[1:4] == ["cannot", "be", "read"]
        assert models.verify([MOONSHINE.name]) == 4
        assert "cannot be read" in capsys.readouterr().out
