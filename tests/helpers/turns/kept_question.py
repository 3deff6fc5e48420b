"""A spoken question whose recording is kept: asked, tried again, looked for on the disk."""

from __future__ import annotations

from fakes import until, utter

from voice_assistant.commands import Retry

QUESTION = "how many rooks fit on a board"
SAID = utter(QUESTION)
UNHEARD = ["listening", "transcribing", "failed", "idle"]
BESIDE = {"begun", "speaking", "spoken", "suggested", "text", "replaced"}
"""What comes beside the milestones of a turn, sooner or later."""


def milestones(stage, turn: int = 0) -> list[str]:
    """Return the kinds of a turn's events without those of `BESIDE`."""
    return [kind for kind in stage.kinds(turn) if kind not in BESIDE]


async def talk(stage) -> None:
    """Ask by voice, and wait for the end of the turn."""
    before = stage.count("idle")
    await stage.speak()
    await until(lambda: stage.count("idle") > before)


async def retry(stage) -> int:
    """Try the newest recording again; return the number of its turn."""
    before = stage.count("idle")
    stage.post(Retry())
    await until(lambda: stage.count("idle") > before)
    return stage.events[-1].turn


def waiting(stage) -> list[tuple[str, bool]]:
    """Return the words of each recording on the disk, and whether it is answered."""
    return [(kept.words, kept.answered) for kept in stage.parts.recordings.archive.every()]
