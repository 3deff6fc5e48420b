"""What the doctor says."""

from __future__ import annotations

import pytest
from helpers.replay import json, replay
from helpers.settings.varied import settings_with

from voice_assistant.errors import ConfigError, MicrophoneError
from voice_assistant.runtime.doctor.doctor import Finding, bundle, examine, spoken
from voice_assistant.runtime.doctor.examinations import CHECKS, microphone_of
from voice_assistant.settings.kept_switch import MICROPHONE_OFF, KeptSwitch
from voice_assistant.system import paths

KEY, DISK, BACKEND = (
    next(check for check in CHECKS if check.name == name)
    for name in ("Talk key", "Disk", "Who answers")
)


async def test_each_failure_has_its_mend_and_the_running_assistant_is_heard(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "not" / "there" / "yet"))
    settings = settings_with('hotkey.keys="banana"')
    key, disk, speaker = await examine(
        settings, ("No speaker was found. Connect one.",), (KEY, DISK)
    )
    assert not key.ok
    assert "hotkey.keys" in key.text
    assert key.mend
    assert key.step == "key"
    assert disk.ok
    assert speaker == Finding(
        "Running assistant", ok=False, text="No speaker was found", mend="Connect one."
    )


async def test_an_assistant_that_does_not_run_or_lacks_nothing_is_said():
    (missing,) = await examine(settings_with(), None, ())
    assert (missing.ok, missing.text) == (False, "it does not run")
    (fine,) = await examine(settings_with(), (), ())
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


def test_what_is_said_aloud_is_what_does_not_work():
    fine = Finding("Disk", ok=True, text="1 GB free")
    bad = Finding("Speaker", ok=False, text="No speaker was found", mend="Connect one.")
    assert spoken([fine]) == "Everything works."
    key = Finding("Talk key", ok=False, text="hotkey.keys is wrong", mend="Change hotkey.keys.")
    assert "hotkey" not in spoken([key])
    assert spoken([fine, bad]) == "Speaker: No speaker was found. Connect one."


async def test_a_mute_holds_for_the_doctor_too(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    KeptSwitch(paths.state_dir() / MICROPHONE_OFF).turn(on=True)
    with pytest.raises(MicrophoneError, match="switched off"):
        async with microphone_of(settings_with()).capture():
            pass


async def test_a_server_whose_clock_differs_is_a_failure():
    routes = {
        "GET /parameters": json(200, {}, Date="Mon, 01 Jan 2001 00:00:00 GMT"),
        "GET /info": json(200, {"name": "x"}, Date="Mon, 01 Jan 2001 00:00:00 GMT"),
    }
    async with replay(routes) as server:
        settings = settings_with(
            'backend.kind="dify"', f'backend.url="{server.url}"', 'backend.api_key_command="echo k"'
        )
        with pytest.raises(ConfigError, match="clocks"):
            await BACKEND.look(settings)
