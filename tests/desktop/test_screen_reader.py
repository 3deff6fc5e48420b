from __future__ import annotations

import os
import shutil
import subprocess

from fakes import until

from voice_assistant.desktop import screen_reader


async def test_a_screen_reader_is_known_by_its_process(tmp_path):
    program = shutil.copy(shutil.which("sleep"), tmp_path / "orca")
    with subprocess.Popen([program, "60"]) as reader:
        try:
            await until(screen_reader.runs)
        finally:
            reader.kill()


def test_processes_of_others_and_lookalikes_are_not_ours(tmp_path):
    for name, comm in (("1", "bash"), ("orca", "orca"), ("2", "orcania"), ("3", None)):
        (tmp_path / name).mkdir()
        if comm:
            (tmp_path / name / "comm").write_text(f"{comm}\n")
    assert not screen_reader.runs(tmp_path)
    assert not screen_reader.runs(tmp_path / "nowhere")
    (tmp_path / "4").mkdir()
    (tmp_path / "4" / "comm").write_text("orca\n")
    assert screen_reader.runs(tmp_path)
    if os.getuid() == 0:
        os.chown(tmp_path / "4", 65534, 65534)
        assert not screen_reader.runs(tmp_path)
