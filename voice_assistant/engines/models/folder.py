"""Keeps models on this disk; engines get whole files from here, or an error."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.errors import AssistantError, InputError, StorageError
from voice_assistant.system import paths
from voice_assistant.system.plain_files import is_missing, told
from voice_assistant.system.private_files import folder, replace, set_aside
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.engines.models.catalogue import Model, ModelFile


class ModelMissing(AssistantError):
    """A model is not installed, or its files are not what they were."""

    code = "model"
    exit_code = 4


class ModelFolder:
    """The installed models, each in a folder of its own.

    Args:
        path: the folder of all models; by default what `VOICE_ASSISTANT_MODELS` names, else the
            folder "models" in the user's data folder.
    """

    def __init__(self, path: Path | None = None, environ: Mapping[str, str] = os.environ) -> None:
        named = environ.get("VOICE_ASSISTANT_MODELS", "")
        self._path = path or (Path(named).expanduser() if named else None)

    def place(self, model: Model) -> Path:
        """Return the folder of a model, which need not exist."""
        return (self._path or paths.data_dir() / "models") / model.name

    def has(self, model: Model) -> bool:
        """Return whether a model is installed; False also where the disk does not tell."""
        with contextlib.suppress(StorageError):
            return self.installed(model)
        return False

    def installed(self, model: Model) -> bool:
        """Return whether all files of a model are there, and as long as they should be.

        Raises:
            StorageError: the disk does not tell.
        """
        files = [(self.place(model) / file.name, file.size) for file in model.files]
        with told(_("{place} cannot be read", place=self.place(model))):
            return not any(is_missing(file) or file.stat().st_size != size for file, size in files)

    def checked(self, model: Model) -> Path:
        """Return the folder of a model after a look at every byte of it (0.1 s for 40 MB).

        A file that is not what it was is set aside.

        Raises:
            ModelMissing: the model is not installed, or damaged.
        """
        place = self.place(model)
        for file in model.files:
            try:
                with (place / file.name).open("rb") as opened:
                    found = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError as error:
                title = _("The model {name} is not installed", name=model.name)
                if not is_missing(place / file.name):
                    title = _("The model {name} cannot be read", name=model.name)
                raise _missing(model, title) from error
            if found != file.sha256:
                set_aside(place / file.name, "its contents are not those that were published")
                raise _missing(
                    model, _("The model {name} is damaged, and was set aside", name=model.name)
                )
        return place

    def install(self, model: Model, download: Path) -> None:
        """Install a model from what was downloaded for it: a file, or the folder of its files.

        Raises:
            InputError: it is not that download.
            StorageError: the disk refuses.
        """
        place = self.place(model)
        with told(_("{download} cannot be read", download=download)):
            contents = [(file, _contents(model, file, download)) for file in model.files]
        for file, content in contents:
            replace(place / file.name, content)

    def remove(self, model: Model) -> None:
        """Delete the files of a model.

        Raises:
            StorageError: the disk refuses.
        """
        with told(_("{place} cannot be removed", place=self.place(model))):
            if self.place(model).exists():
                shutil.rmtree(self.place(model))

    def downloads(self) -> Path:
        """Return the folder of what is being downloaded."""
        return folder((self._path or paths.data_dir() / "models") / "downloads")


def _contents(model: Model, file: ModelFile, download: Path) -> bytes:
    """Return a file of a model.

    Raises:
        InputError: it is not in the download, or another one.
    """
    if download.is_dir():
        download = download / file.name
    if not stat.S_ISREG(download.stat().st_mode):  # a device may never end
        raise _foreign(model, download)
    if not file.member or download.name == file.name:
        content = download.read_bytes() if download.stat().st_size == file.size else b""
    else:
        try:
            with zipfile.ZipFile(download) as archive, archive.open(file.member) as member:
                content = member.read(file.size + 1)
        except (zipfile.BadZipFile, KeyError) as error:
            raise _foreign(model, download) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise _foreign(model, download)
    return content


def _foreign(model: Model, download: Path) -> InputError:
    return InputError(
        _("{file} is not {model}", file=download.name, model=model.name),
        _("It is published at {url}", url=model.url),
    )


def _missing(model: Model, title: str) -> ModelMissing:
    return ModelMissing(
        title,
        _(
            "Run `voice-assistant models install {name}` ({size:.0f} MB are downloaded).",
            name=model.name,
            size=model.size / 1e6,
        ),
    )
