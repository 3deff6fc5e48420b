"""Chooses the certificates that TLS connections are checked with."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import certifi

from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The file names that OpenSSL looks for in a folder of certificates."""


def tls(environ: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """Return the TLS context: by SSL_CERT_FILE, else by SSL_CERT_DIR, else by certifi.

    Raises:
        ConfigError: a variable names a file or folder without certificates; the message has both.
    """
    try:
        if file := environ.get("SSL_CERT_FILE"):
            return _by_file(Path(file))
        if folder := environ.get("SSL_CERT_DIR"):
            return _by_folders(folder)
        return ssl.create_default_context(cafile=certifi.where())
    except OSError as error:
        # Python writes the secrets of connections to the file that SSLKEYLOGFILE names.
        if log := environ.get("SSLKEYLOGFILE"):
            raise _unusable("SSLKEYLOGFILE", log, _("cannot be written to")) from error
        raise


def _by_file(file: Path) -> ssl.SSLContext:
    try:
        if file.is_dir():
            raise _unusable("SSL_CERT_FILE", file, _("is a folder"))
        if not file.is_file():
            raise _unusable("SSL_CERT_FILE", file, _("is no file"))
        with file.open("rb") as opened:
            opened.read(1)
    except OSError as error:
        raise _unusable("SSL_CERT_FILE", file, _("cannot be read")) from error
    try:
        return ssl.create_default_context(cafile=str(file))
    except ssl.SSLError as error:
        raise _unusable("SSL_CERT_FILE", file, _("holds no certificates")) from error


def _by_folders(names: str) -> ssl.SSLContext:
    folders = [Path(name) for name in names.split(os.pathsep) if name]
    if not any(folder.is_dir() for folder in folders):
        raise _unusable("SSL_CERT_DIR", names, _("is no folder"))
    try:
        found = any(
            _HASHED.fullmatch(file.name)
            for folder in folders
            if folder.is_dir()
            for file in folder.iterdir()
        )
    except OSError as error:
        raise _unusable("SSL_CERT_DIR", names, _("cannot be read")) from error
    if not found:
        raise _unusable(
            "SSL_CERT_DIR", names, _("holds no certificates under the names that `c_rehash` makes")
        )
    context = ssl.create_default_context(cafile=None, capath=str(folders[0]))
    for folder in folders[1:]:
        context.load_verify_locations(capath=str(folder))
    return context


def _unusable(variable: str, what: Path | str, why: str) -> ConfigError:
    return ConfigError(
        _("{what}, which {variable} names, {why}", what=what, variable=variable, why=why),
        _("Correct the environment variable {variable}, or unset it.", variable=variable),
    )
