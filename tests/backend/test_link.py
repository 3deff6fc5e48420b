from __future__ import annotations

import pytest

from voice_assistant.backend import link
from voice_assistant.settings.schema import BackendSettings, Settings


@pytest.mark.parametrize(
    ("kind", "url", "warned"),
    [
        ("dify", "http://dify.example/v1", True),
        ("dify", "http://192.168.1.7:5001/v1", True),
        ("dify", "https://dify.example/v1", False),
        ("dify", "http://127.0.0.1:5001/v1", False),
        ("dify", "http://localhost/v1", False),
        ("embedded", "http://dify.example/v1", False),
    ],
)
def test_a_key_that_travels_unprotected_is_told_with_a_way_out(kind, url, warned):
    said = []
    settings = Settings(backend=BackendSettings(kind=kind, url=url))
    link.warn_if_unprotected(settings, lambda title, hint: said.append((title, hint)))
    assert bool(said) is warned
    if warned:
        ((title, hint),) = said
        assert "unprotected" in title
        assert "https" in hint
        assert url in hint
