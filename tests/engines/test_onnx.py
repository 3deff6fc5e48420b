"""What runs the networks tells nobody about it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from helpers.engines.speaking import needs_real_engines

HEARING = "from voice_assistant.engines.recognition import moonshine"
SPEAKING = "from voice_assistant.engines.voices.hibari import Hibari; Hibari().load()"


@needs_real_engines
@pytest.mark.parametrize("code", [HEARING, SPEAKING])
def test_no_id_of_this_device_is_made_and_nothing_is_reported(code, tmp_path):
    environ = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    environ.pop("ORT_DISABLE_TELEMETRY", None)
    environ.pop("XDG_CACHE_HOME", None)
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)
    assert list(tmp_path.iterdir()) == []
