"""What the doctor says."""

from __future__ import annotations

import pytest
from helpers.settings.varied import settings_with

from voice_assistant.runtime import doctor
from voice_assistant.runtime.doctor import Finding, bundle, examine


@pytest.fixture
def _bare(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "_CHECKS", (("Talk key", doctor._key), ("Disk", doctor._disk)))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "not" / "there" / "yet"))


@pytest.mark.usefixtures("_bare")
async def test_each_failure_has_its_mend_and_the_running_assistant_is_heard():
    key, disk, speaker = await examine(
        settings_with('hotkey.keys="banana"'), ("No speaker was found. Connect one.",)
    )
    assert not key.ok
    assert "hotkey.keys" in key.text
    assert key.mend
    assert disk.ok
    assert speaker == Finding(
        "Running assistant", ok=False, text="No speaker was found", mend="Connect one."
    )


@pytest.mark.usefixtures("_bare")
async def test_an_assistant_that_does_not_run_or_lacks_nothing_is_said():
    *_, missing = await examine(settings_with(), None)
    assert (missing.ok, missing.text) == (False, "it does not run")
    *_, fine = await examine(settings_with(), ())
    assert fine.ok


def test_the_bundle_holds_no_key_no_name_and_no_inputs():
    settings = settings_with(
        'backend.api_key="app-secret"',
        'backend.user="jane"',
        'backend.inputs={city="Paris"}',
        'backend.api_key_command="pass show x"',
    )
    text = bundle([Finding("Disk", ok=True, text="1 GB free")], settings)
    assert "Disk: 1 GB free" in text
    for secret in ("app-secret", "jane", "Paris", "pass show"):
        assert secret not in text
