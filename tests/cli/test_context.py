"""What a question may be about, beside files."""

from __future__ import annotations

import pytest

from voice_assistant.cli import context, outcome
from voice_assistant.errors import InputError


def test_a_text_follows_the_question_or_is_it():
    assert context.with_text("translate", "bonjour") == "translate\n\nbonjour"
    assert context.with_text("", "bonjour") == "bonjour"


def test_a_text_that_no_model_reads_is_refused():
    with pytest.raises(InputError, match="100,001 letters"):
        context.with_text("", "x" * 100_001)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Xlib's sockets
@pytest.mark.parametrize("about", ["--clipboard", "--selection", "--screen"])
def test_without_a_desktop_there_is_nothing_to_ask_about(about, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":9999")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert outcome.of(["ask", "what is this", about]) == 4
    assert capsys.readouterr().err.startswith("voice-assistant: ")
