"""One turn of the record."""

from __future__ import annotations

from typing import Literal

import msgspec

from voice_assistant.events import Citation  # msgspec reads it

Origin = Literal["voice", "text", "suggestion", "screen", "announcement"]
"""How a turn came: spoken, typed, chosen from the follow-ups, with a picture of the screen, or from
the assistant itself."""

SCREEN_PICTURE = "screen.png"
"""The name of the file with a picture of the screen."""

Rating = Literal["", "good", "bad"]
"""How the user rates an answer; "" for no rating."""

State = Literal["open", "complete", "stopped", "failed", "broken_off"]
"""How far a turn is.

- open: the answer is still to come, or growing.
- complete: the answer is complete.
- stopped: the user, or another question, ended the answer.
- failed: the answer failed or broke off; the failure says why.
- broken_off: the program ended before the answer did.
"""


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The failure of a turn: title, hint and code of an error, as in `events.Failed`."""

    title: str
    hint: str = ""
    code: str = ""


class Stages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The times of a turn's stages: milliseconds since the turn began; None: not reached.

    Attributes:
        listening: the microphone was open.
        recorded: the recording was complete.
        words: the question's words were known.
        text: the first text of the answer came.
        answered: the answer's text was complete.
        audio: the first sound of the answer went to the speaker.
        spoken: the speech ended.
        end: the turn was over.
    """

    listening: int | None = None
    recorded: int | None = None
    words: int | None = None
    text: int | None = None
    answered: int | None = None
    audio: int | None = None
    spoken: int | None = None
    end: int | None = None


class RecordedTurn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One turn of the record.

    Attributes:
        number: the turn's number in the record, for ever; 0 before it was written.
        began_s: when the turn began, in seconds since 1970 (UTC).
        origin: how it came.
        state: how far it is.
        question: the question's words; "" for an announcement, and while they are not known.
        answer: the answer so far, or the announcement's text.
        failure: why it failed, None if it did not fail.
        recording: the kept recording that can be tried again, "" without one.
        files: names of the files that the question was about.
        sources: what the answer cites.
        answer_files: the addresses of the files that the answer brought.
        kept: the copies of `files` and `answer_files` that belong to the turn: their names in the
            folder of kept files.
        suggestions: the follow-up questions that were offered.
        taken: the one that was asked, "" while none was.
        profile: the profile that was asked, "" for the default one.
        app: the name of the backend that was asked, see `backend.link.Link.name`.
        conversation_id: the conversation on the server, "" if it is not known.
        message_id: the answer's id on the server, "" if it is not known. An answer that goes on in
            another process keeps it.
        rating: how the user rates the answer.
        comment: the reason of the rating, or "".
        rating_sent: False while the server does not have the rating yet.
        stages: when its stages were reached.
    """

    number: int = 0
    began_s: float
    origin: Origin
    state: State = "open"
    question: str = ""
    answer: str = ""
    failure: Failure | None = None
    recording: str = ""
    files: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    answer_files: tuple[str, ...] = ()
    kept: dict[str, str] = {}
    suggestions: tuple[str, ...] = ()
    taken: str = ""
    profile: str = ""
    app: str = ""
    conversation_id: str = ""
    message_id: str = ""
    rating: Rating = ""
    comment: str = ""
    rating_sent: bool = True
    stages: Stages = Stages()

    def after(self, earlier: RecordedTurn) -> RecordedTurn:
        """Return this turn as the rest of `earlier`, which another process of ours began.

        The stages are those of the beginning: how long nothing ran is no latency.
        """
        answer = self.answer
        if self.state != "complete" and len(answer) < len(earlier.answer):
            answer = earlier.answer
        return msgspec.structs.replace(
            self,
            number=earlier.number,
            began_s=earlier.began_s,
            origin=earlier.origin,
            question=self.question or earlier.question,
            answer=answer,
            files=earlier.files,
            conversation_id=self.conversation_id or earlier.conversation_id,
            stages=earlier.stages,
        )
