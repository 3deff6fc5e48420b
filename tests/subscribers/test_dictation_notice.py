from __future__ import annotations

from voice_assistant import events
from voice_assistant.subscribers.dictation_notice import DICTATION, DictationNotice


class Notices:
    def __init__(self) -> None:
        self.told: list = []

    def offer(self, kind, title, body) -> None:
        self.told.append((kind, title, body))


def test_what_could_not_be_typed_is_said_to_be_in_the_clipboard_without_its_words():
    notice = DictationNotice(notices := Notices())
    notice.handle(events.Dictated(text="secret", typed=True))
    assert notices.told == []
    notice.handle(events.Dictated(text="secret", typed=False))
    ((kind, title, body),) = notices.told
    assert (kind, title) == (DICTATION, "Paste it with Ctrl+V")
    assert "clipboard" in body
    assert "secret" not in body
