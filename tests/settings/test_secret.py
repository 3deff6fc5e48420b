from __future__ import annotations

from voice_assistant.settings.secret import Secret


def test_a_secret_hides_in_every_text_form():
    secret = Secret("hush")
    assert "hush" not in f"{secret} {secret!r} {[secret]}"
