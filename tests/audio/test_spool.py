"""Bytes of which none is lost, whatever the disk says."""

from __future__ import annotations

import tempfile

import pytest
from helpers.system.disk import full_disk

from voice_assistant.audio.spool import Spool

PART = bytes(range(256)) * 16


def filled(spool, parts, at=0):
    for number in range(parts):
        spool.write(at + number * len(PART), PART)
    return spool


def test_what_was_written_is_read_from_memory_and_from_a_file():
    for most in (0, len(PART), 10 * len(PART), 10**6):
        spool = filled(Spool(most), 20)
        assert spool.read(0, 10**6) == PART * 20
        spool.write(len(PART), b"new")
        assert spool.read(len(PART) - 1, 4) == PART[-1:] + b"new"


@pytest.mark.parametrize("most", [0, 5 * len(PART)])
def test_with_a_full_disk_all_stays_in_memory(most, caplog):
    with full_disk():
        spool = filled(Spool(most), 20)
    assert spool.read(0, 10**6) == PART * 20
    assert len(caplog.records) == 1, "told once"


def test_a_disk_that_becomes_full_loses_nothing(caplog):
    spool = filled(Spool(len(PART)), 10)
    with full_disk():
        filled(spool, 10, at=10 * len(PART))
        assert spool.read(0, 10**6) == PART * 20
    assert len(caplog.records) == 1, "told once"


def test_without_a_folder_for_temporary_files_all_stays_in_memory(tmp_path, caplog):
    usual, tempfile.tempdir = tempfile.tempdir, str(tmp_path / "none")
    try:
        assert filled(Spool(0), 3).read(0, 10**6) == PART * 3
    finally:
        tempfile.tempdir = usual
    assert len(caplog.records) == 1
