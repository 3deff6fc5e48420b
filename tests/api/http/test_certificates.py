"""Certificates that the environment names, and what is told of those that are none."""

from __future__ import annotations

import os

import certifi
import pytest

from voice_assistant.api.client import Client
from voice_assistant.api.http.certificates import tls
from voice_assistant.errors import ConfigError


def test_a_bundle_of_certificates_is_read_from_the_file_that_the_environment_names():
    assert tls({"SSL_CERT_FILE": certifi.where()}).get_ca_certs()
    assert tls({}).get_ca_certs()
    assert tls({"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}).get_ca_certs()


def file_with(content):
    def make(folder):
        file = folder / "bundle.pem"
        file.write_bytes(content)
        return file

    return make


def fifo(folder):
    os.mkfifo(folder / "fifo.pem")
    return folder / "fifo.pem"


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: folder / "gone.pem", "is no file"),
        (lambda folder: folder, "is a folder"),
        (fifo, "is no file"),
        (file_with(b""), "holds no certificates"),
        (file_with(b"words"), "holds no certificates"),
        (file_with(BROKEN), "holds no certificates"),
        (file_with(bytes(1000)), "holds no certificates"),
    ],
)
def test_a_file_that_holds_none_is_named_with_its_variable(make, why, tmp_path, monkeypatch):
    file = make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(ConfigError) as caught:
        Client("https://dify.invalid/v1", "app-KEY", "u1")
    assert caught.value.title == f"{file}, which SSL_CERT_FILE names, {why}"


def test_folders_are_looked_at_before_anything_is_asked(tmp_path):
    for folder in (tmp_path / "gone", tmp_path):
        with pytest.raises(ConfigError, match="SSL_CERT_DIR"):
            tls({"SSL_CERT_DIR": str(folder)})
    (tmp_path / "0a1b2c3d.0").write_bytes(b"")
    assert tls({"SSL_CERT_DIR": f"{tmp_path}{os.pathsep}{tmp_path / 'gone'}"})


def test_a_log_of_secrets_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "gone" / "keys.log"))
    with pytest.raises(ConfigError, match="SSLKEYLOGFILE"):
        Client("https://dify.invalid/v1", "app-KEY", "u1")
