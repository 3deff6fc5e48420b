"""What another program imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

import voice_assistant.api
from voice_assistant.api import Client, client


def test_the_client_is_the_packages():
    assert Client is client.Client


def test_a_misspelt_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Clients'"):
        _ = voice_assistant.api.Clients


def test_models_alone_import_no_http_library():
    code = "import sys, voice_assistant.api.models; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
